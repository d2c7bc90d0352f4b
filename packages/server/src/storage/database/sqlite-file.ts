import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { lockFile } from '../../config/data-folder.ts'
import { makePrivate } from '../../config/private-file.ts'
import type { Config } from '../../config/settings.ts'

/** Where the relational store lies when it is SQLite. */
export function sqliteFile(dataFolder: string): string {
  return join(dataFolder, 'burstlet.sqlite')
}

/**
 * Takes the relational store for this server when it is SQLite, also where another data folder leads to the same file. Commands that
 * run beside a server (`--sign-in-link`) take no lock, and open it all the same.
 * @returns gives it back
 * @throws Error in a line for the terminal when another server has it
 */
export function lockSqlite(config: Config): () => void {
  if (config.MONITORING_DATABASE_URL) return () => {}
  mkdirSync(config.MONITORING_DATA_DIR, { recursive: true, mode: 0o700 })
  const file = sqliteFile(config.MONITORING_DATA_DIR)
  makePrivate(file)
  const real = realpathSync(file)
  const unlock = lockFile(`${real}-server`)
  if (unlock) return unlock
  throw new Error(
    `the database ${real} is in use by another server, and SQLite serves one; several servers share a PostgreSQL that MONITORING_DATABASE_URL names`,
  )
}
