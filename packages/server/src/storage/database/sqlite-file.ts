import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { lockFile } from '../../config/data-folder.ts'
import { makePrivate } from '../../config/private-file.ts'

/** Where the relational store lies when it is SQLite. */
export function sqliteFile(dataFolder: string): string {
  return join(dataFolder, 'burstlet.sqlite')
}

/**
 * Takes the SQLite database of a data folder for this server, also where another data folder leads to the same file. Commands that
 * run beside a server (`--sign-in-link`) take no lock, and open it all the same.
 * @returns gives it back
 * @throws Error in a line for the terminal when another server has it
 */
export function lockSqlite(dataFolder: string): () => void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const file = sqliteFile(dataFolder)
  makePrivate(file)
  const real = realpathSync(file)
  const unlock = lockFile(`${real}-server`)
  if (unlock) return unlock
  throw new Error(
    `the database ${real} is in use by another server, and SQLite serves one; several servers share a PostgreSQL that MONITORING_DATABASE_URL names`,
  )
}
