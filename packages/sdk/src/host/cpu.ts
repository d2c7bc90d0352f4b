import { availableParallelism, cpus, loadavg } from 'node:os'

/** Use of all cores together. */
export interface CpuSnapshot {
  /** Busy share of all cores since the reading before, 0 to 1. Undefined in the first reading: a share needs two. */
  usage: number | undefined
  /** Load average of 1, 5 and 15 minutes; zeros on Windows, which has none. */
  loadAverage: [number, number, number]
  /** Logical cores that this process may use. */
  cores: number
}

/** Cumulated milliseconds of all cores. */
export interface CpuTimes {
  busy: number
  total: number
}

/** Reads the cumulated times, to be handed to the next `readCpu`. */
export function readCpuTimes(): CpuTimes {
  let busy = 0
  let total = 0
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq
    busy += used
    total += used + times.idle
  }
  return { busy, total }
}

/** Reads the use of the processors since `before`. */
export function readCpu(before?: CpuTimes, now: CpuTimes = readCpuTimes()): CpuSnapshot {
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  const elapsed = before === undefined ? 0 : now.total - before.total
  const usage = before === undefined || elapsed <= 0 ? undefined : clamp((now.busy - before.busy) / elapsed)
  return { usage, loadAverage: [one, five, fifteen], cores: availableParallelism() }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}
