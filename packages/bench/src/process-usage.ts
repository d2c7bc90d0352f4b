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

/**
 * Bytes that processes hold together: what each has for itself, and each page of a mapped file once, though several have it.
 * Of the same part of a file, what the process with the most of it has.
 */
export function residentTogether(pids: readonly number[]): number {
  let own = 0
  const ofFiles = new Map<string, number>()
  for (const pid of pids)
    for (const { anonymous, mapped, place } of mappingsOf(pid)) {
      own += anonymous
      ofFiles.set(place, Math.max(mapped, ofFiles.get(place) ?? 0))
    }
  return [...ofFiles.values()].reduce((total, bytes) => total + bytes, own)
}

/** Each mapping: bytes that are the process's own, bytes that are the file's, and which part of which file. */
function mappingsOf(pid: number) {
  const text = readFileSync(`/proc/${pid}/smaps`, 'utf8')
  return text.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).map((mapping) => {
    const [, permissions, offset, , inode, path] = mapping.slice(0, mapping.indexOf('\n')).split(/\s+/)
    const anonymous = kilobytes(mapping, 'Anonymous') * 1024
    return {
      anonymous,
      mapped: kilobytes(mapping, 'Rss') * 1024 - anonymous,
      place: [path, inode, offset, permissions].join(' '),
    }
  })
}

function kilobytes(mapping: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(mapping)?.[1] ?? 0)
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
