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
    return held.find((fields) => fields[1] === 'FLOCK' && fields[5]?.endsWith(`:${file.ino}`))?.[4]
  } catch {
    return undefined
  }
}
