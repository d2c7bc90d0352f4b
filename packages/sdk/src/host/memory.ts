import { readFileSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'

/** Memory of the host in bytes. `usage` is used over total, 0 to 1. */
export interface MemorySnapshot {
  total: number
  used: number
  free: number
  available: number
  usage: number
}

/**
 * Reads the memory of the host. On Linux `available` is the kernel's estimate of what programs can still get, page cache
 * included, and `used` is the rest; elsewhere free memory stands for both.
 */
export function readMemory(): MemorySnapshot {
  const total = totalmem()
  const free = freemem()
  const available = availableOnLinux() ?? free
  const used = Math.max(0, total - available)
  return { total, used, free, available, usage: total === 0 ? 0 : used / total }
}

function availableOnLinux(): number | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
