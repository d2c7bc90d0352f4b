import { monitorEventLoopDelay } from 'node:perf_hooks'

/** This process. Memory in bytes, uptime in seconds, delays in milliseconds. */
export interface ProcessSnapshot {
  pid: number
  uptime: number
  /** Processor time over elapsed time since the reading before; 1 is one core. Undefined in the first reading. */
  cpuUsage: number | undefined
  rss: number
  heapTotal: number
  heapUsed: number
  external: number
  /** How late the event loop was since the reading before, beyond the interval of measuring. */
  eventLoopDelay: { mean: number; p99: number; max: number }
}

/** Reads this process again and again; `stop` ends the measuring of the event loop. It does not keep the process alive. */
export interface ProcessReader {
  read: () => ProcessSnapshot
  stop: () => void
}

const resolutionMs = 20

/** Starts measuring the event loop and answers a reader. */
export function createProcessReader(): ProcessReader {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let before: { cpu: NodeJS.CpuUsage; at: number } | undefined

  const read = (): ProcessSnapshot => {
    const cpu = process.cpuUsage()
    const at = performance.now()
    const cpuUsage = before === undefined ? undefined : shareOf(before, { cpu, at })
    before = { cpu, at }
    const memory = process.memoryUsage()
    const eventLoopDelay = { mean: late(delay.mean), p99: late(delay.percentile(99)), max: late(delay.max) }
    delay.reset()
    return {
      pid: process.pid,
      uptime: process.uptime(),
      cpuUsage,
      rss: memory.rss,
      heapTotal: memory.heapTotal,
      heapUsed: memory.heapUsed,
      external: memory.external,
      eventLoopDelay,
    }
  }
  return { read, stop: () => delay.disable() }
}

interface Reading {
  cpu: NodeJS.CpuUsage
  at: number
}

function shareOf(before: Reading, now: Reading): number | undefined {
  const elapsed = (now.at - before.at) * 1000
  if (elapsed <= 0) return undefined
  return Math.max(0, (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / elapsed)
}

/** Node's histogram holds whole turns in nanoseconds, the waiting itself included, and NaN while it is empty. */
function late(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - resolutionMs) : 0
}
