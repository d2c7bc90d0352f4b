import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makePrivate } from './private-file.ts'

/**
 * Makes the data folder when it is missing, and locks it: two servers would each insert what the spool holds.
 * @returns gives the lock back
 * @throws Error in a line for the terminal when another server has it
 */
export function lockDataFolder(path: string): () => void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const unlock = lockFile(join(path, 'lock'))
  if (unlock) return unlock
  throw new Error(
    `the data folder ${path} is in use by another server; stop that one, or choose another folder with MONITORING_DATA_DIR. Several servers of one installation have a folder each, and share ClickHouse and PostgreSQL (MONITORING_CLICKHOUSE_URL, MONITORING_DATABASE_URL)`,
  )
}

/**
 * Locks a file of its own. SQLite's lock is one that the kernel gives up with the process, however that ends, and Node has no other.
 * @returns gives the lock back; undefined when another process has it
 */
export function lockFile(file: string): (() => void) | undefined {
  makePrivate(file)
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    // Nothing is ever written, so that a disk that is full is no obstacle.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && /locked|busy/.test(error.message))) throw error
    return undefined
  }
  return () => lock.close()
}
