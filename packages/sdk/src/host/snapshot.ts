import { hostname } from 'node:os'
import { type CpuSnapshot, readCpu, readCpuTimes } from './cpu.ts'
import { type DiskSnapshot, readDisks } from './disk.ts'
import { type MemorySnapshot, readMemory } from './memory.ts'
import { type NetworkSnapshot, readNetwork } from './network.ts'
import { createProcessReader, type ProcessSnapshot } from './process.ts'

/** Host and process at one moment: the specification's SystemMetric. Units as in each part. */
export interface HostSnapshot {
  timestamp: Date
  hostname: string
  cpu: CpuSnapshot
  memory: MemorySnapshot
  disks: DiskSnapshot[]
  network: NetworkSnapshot[]
  process: ProcessSnapshot
}

/** Collects snapshots until stopped. Shares (cpu) are those since the collection before. */
export interface HostCollector {
  /** Reads everything now. */
  collect: () => Promise<HostSnapshot>
  /** Ends what measures between two collections. */
  stop: () => void
}

/**
 * Starts collecting. Nothing runs between two collections but the event-loop measurement, and nothing keeps the process alive.
 * The first collection already has a processor share, that since the start.
 */
export function startHostCollector(): HostCollector {
  const processReader = createProcessReader()
  processReader.read()
  let times = readCpuTimes()

  const collect = async (): Promise<HostSnapshot> => {
    const now = readCpuTimes()
    const cpu = readCpu(times, now)
    times = now
    const [disks, network] = await Promise.all([readDisks(), readNetwork()])
    return {
      timestamp: new Date(),
      hostname: hostname(),
      cpu,
      memory: readMemory(),
      disks,
      network,
      process: processReader.read(),
    }
  }
  return { collect, stop: processReader.stop }
}
