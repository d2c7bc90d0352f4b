import { loadavg } from 'node:os'
import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api'
import { type DiskSnapshot, readDisks } from './disk.ts'
import { readNetwork } from './network.ts'

/** Metrics that are read together: their instruments, and what reads them. */
export interface Observed {
  instruments: Observable[]
  observe: (result: BatchObservableResult) => void | Promise<void>
}

/** Space changes slowly and asking is dear: at most one question in this time. */
const diskIntervalMs = 30_000

/** Uptime and load average. The latter has no semantic convention and keeps the Collector's names. */
export function observeLoad(meter: Meter): Observed {
  const uptime = meter.createObservableGauge('process.uptime', { unit: 's' })
  const loads = (['1m', '5m', '15m'] as const).map((span) =>
    meter.createObservableGauge(`system.cpu.load_average.${span}`, { unit: '{thread}' }),
  )
  const observe = (result: BatchObservableResult) => {
    result.observe(uptime, process.uptime())
    const averages = loadavg()
    for (const [index, gauge] of loads.entries()) result.observe(gauge, averages[index] ?? 0)
  }
  return { instruments: [uptime, ...loads], observe }
}

/** Space of each file system. */
export function observeDisks(meter: Meter): Observed {
  const usage = meter.createObservableUpDownCounter('system.filesystem.usage', { unit: 'By' })
  const utilization = meter.createObservableGauge('system.filesystem.utilization', { unit: '1' })
  let last: { at: number; reading: Promise<DiskSnapshot[]> } | undefined
  const observe = async (result: BatchObservableResult) => {
    const now = Date.now()
    if (last === undefined || now - last.at > diskIntervalMs) last = { at: now, reading: readDisks() }
    for (const disk of await last.reading) {
      const attributes = {
        'system.device': disk.device,
        'system.filesystem.mountpoint': disk.mountPoint,
        'system.filesystem.type': disk.type,
      }
      const reserved = Math.max(0, disk.free - disk.available)
      result.observe(usage, disk.used, { ...attributes, 'system.filesystem.state': 'used' })
      result.observe(usage, disk.available, { ...attributes, 'system.filesystem.state': 'free' })
      result.observe(usage, reserved, { ...attributes, 'system.filesystem.state': 'reserved' })
      result.observe(utilization, disk.usage, attributes)
    }
  }
  return { instruments: [usage, utilization], observe }
}

/** Bytes, errors and dropped packets of each network interface. */
export function observeNetwork(meter: Meter): Observed {
  const io = meter.createObservableCounter('system.network.io', { unit: 'By' })
  const errors = meter.createObservableCounter('system.network.errors', { unit: '{error}' })
  const dropped = meter.createObservableCounter('system.network.packet.dropped', { unit: '{packet}' })
  const observe = async (result: BatchObservableResult) => {
    for (const one of await readNetwork()) {
      const received = { 'system.device': one.interface, 'network.io.direction': 'receive' }
      const transmitted = { 'system.device': one.interface, 'network.io.direction': 'transmit' }
      result.observe(io, one.receivedBytes, received)
      result.observe(io, one.transmittedBytes, transmitted)
      result.observe(errors, one.receiveErrors, received)
      result.observe(errors, one.transmitErrors, transmitted)
      result.observe(dropped, one.receiveDropped, received)
      result.observe(dropped, one.transmitDropped, transmitted)
    }
  }
  return { instruments: [io, errors, dropped], observe }
}
