import { readdirSync, readFileSync } from 'node:fs'

/** What `/proc` says of a process. */
export interface ProcessUsage {
  /** User and system time since it started. */
  readonly cpuSeconds: number
  readonly residentBytes: number
  /** The most that it ever was. */
  readonly peakBytes: number
}

/** Clock ticks a second and bytes a page of every Linux that Node runs on. */
const ticksPerSecond = 100
const pageBytes = 4096

/** @throws when there is no such process */
export function usageOf(pid: number): ProcessUsage {
  // The name in parentheses may hold spaces; the fields behind it do not.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentBytes: Number(fields[21]) * pageBytes,
    peakBytes: Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
  }
}

/** Of every thread, since a child hangs on the thread that started it, not on the process. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  })
}

/** The program and its arguments, with spaces between. */
export function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
}
