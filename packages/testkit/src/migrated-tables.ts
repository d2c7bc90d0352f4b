import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const packages = join(import.meta.dirname, '../..')
const cache = join(packages, '../node_modules/.cache/migrated-tables')

/** What the tables on the disk come from: the migrations, the program that applies them, and the engine. */
const sources = [
  'server/scripts/migrate-folder.ts',
  'server/src/storage/clickhouse/migrate.ts',
  'server/src/storage/clickhouse/migrations/*.sql',
  'chdb-server/package.json',
]

let original: Promise<string> | undefined

/**
 * Makes `folder` what an embedded engine leaves there after it was migrated from nothing, and stopped: the newest tables,
 * all empty. An engine on it is ready in a third of the time. It is a copy, so the engine owns all that is in it.
 */
export async function copyMigratedTables(folder: string): Promise<void> {
  original ??= migratedTables()
  // Links in it are relative, and must stay so: they would lead back to the original.
  await cp(await original, folder, { recursive: true, verbatimSymlinks: true })
}

/** The folder that is copied; made once for each content of the sources, and kept for later runs. */
async function migratedTables(): Promise<string> {
  const folder = join(cache, await sourcesHash())
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  await removeOld()
  const made = await mkdtemp(`${folder}-`)
  const program = join(packages, 'server/scripts/migrate-folder.ts')
  await promisify(execFile)(process.execPath, [program, made])
  // Another test file may have been faster; what it made is the same.
  await rename(made, folder).catch(() => rm(made, { recursive: true }))
  if (!existsSync(folder)) throw new Error(`${folder} cannot be made`)
  return folder
}

/** Removes those of other migrations and clocks that nobody can be copying any more, as a run takes less than a day. */
async function removeOld(): Promise<void> {
  // Files have the machine's own time, by which all of them would be old.
  if (process.env['CLOCK_SHIFT'] !== undefined) return
  for (const name of await readdir(cache)) {
    // Another test file may be renaming its own.
    const made = await stat(join(cache, name)).catch(() => undefined)
    if (made && made.mtimeMs < Date.now() - 86_400_000) await rm(join(cache, name), { recursive: true, force: true })
  }
}

async function sourcesHash(): Promise<string> {
  const paths = globSync(sources, { cwd: packages }).sort()
  // Tables remember when they were made, and `npm run test:clock` moves the clock.
  const hash = createHash('sha256').update(process.env['CLOCK_SHIFT'] ?? '')
  for (const path of paths) hash.update(path).update(await readFile(join(packages, path)))
  return hash.digest('hex').slice(0, 16)
}
