// The public face of @burstlet/monitoring/host: what this machine and process are doing, without OpenTelemetry.
export { type CpuSnapshot, readCpu } from './host/cpu.ts'
export { type DiskSnapshot, readDisks } from './host/disk.ts'
export { type MemorySnapshot, readMemory } from './host/memory.ts'
export { type NetworkSnapshot, readNetwork } from './host/network.ts'
export { createProcessReader, type ProcessSnapshot } from './host/process.ts'
export { type HostCollector, type HostSnapshot, startHostCollector } from './host/snapshot.ts'
