import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Throws when another process has the folder open. The engine refuses that too, but in a line of its own and after
 * booting; where /proc is missing, that has to do.
 */
export async function refuseLockedFolder(directory: string): Promise<void> {
  const owner = await lockOwner(join(directory, 'status'))
  if (owner !== undefined) throw new Error(`data folder ${directory} is in use by process ${owner}`)
}

/** The process that holds ClickHouse's lock on its status file, from the kernel's list of locks. */
async function lockOwner(path: string): Promise<string | undefined> {
  try {
    const [locks, file] = await Promise.all([readFile('/proc/locks', 'utf8'), stat(path)])
    const held = locks.split('\n').map((line) => line.split(/\s+/))
    const wanted = `${deviceOf(file.dev)}:${file.ino}`
    return held.find((fields) => fields[1] === 'FLOCK' && fields[5] === wanted)?.[4]
  } catch {
    return undefined
  }
}

/** As /proc/locks writes it, for another file system has the same inode numbers: major and minor in hex, from Linux's `dev_t`. */
function deviceOf(dev: number): string {
  const number = BigInt(dev)
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & ~0xfffn)
  const minor = (number & 0xffn) | ((number >> 12n) & ~0xffn & 0xffffffffn)
  return [major, minor].map((part) => part.toString(16).padStart(2, '0')).join(':')
}
