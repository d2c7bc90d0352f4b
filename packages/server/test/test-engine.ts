import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChdbServer } from '@burstlet/chdb-server/start'
import { copyMigratedTables } from '@burstlet/testkit/migrated-tables'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { ClickhouseConnection } from '../src/storage/clickhouse/connection.ts'
import { guestTables } from '../src/storage/clickhouse/guest-tables.ts'
import { type Migration, migrate, readMigrations } from '../src/storage/clickhouse/migrate.ts'
import { type ClickhouseReader, createReader, readerOf } from '../src/storage/clickhouse/reader.ts'
import { allSpaces } from '../src/storage/clickhouse/space-filter.ts'

/** A real engine with the real tables. */
export interface TestEngine {
  readonly reader: ClickhouseReader
  /** Sees the rows of all spaces. */
  readonly everything: ClickhouseReader
  readonly writer: ClickHouseClient
  readonly connection: ClickhouseConnection
  readonly pid: number
  insert(table: string, rows: object[]): Promise<void>
  stop(): Promise<void>
}

/**
 * @param options.migrations those of an older version leave its tables behind; a copy of migrated tables when unset
 * @param options.dataDirectory to start on again; a new one, removed at `stop`, when unset
 */
export async function startTestEngine(
  options: { readonly migrations?: readonly Migration[]; readonly dataDirectory?: string } = {},
): Promise<TestEngine> {
  const { migrations = readMigrations() } = options
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'burstlet-test-'))
  if (options.dataDirectory === undefined && options.migrations === undefined) await copyMigratedTables(dataDirectory)
  const engine = await startChdbServer({
    dataDirectory,
    guestTables: guestTables.map((table) => `burstlet.${table}`),
  })
  const { url, writer, guest } = engine
  const admin = createClient({ url, ...writer })
  await admin.command({ query: 'CREATE DATABASE IF NOT EXISTS burstlet ENGINE = Atomic' })
  await admin.close()
  const connection = new ClickhouseConnection()
  await connection.use({ url, database: 'burstlet', writer, reader: engine.reader, guest, readsLocalFiles: false })
  await migrate(connection.writer, [...migrations])
  const reader = createReader(connection)
  return {
    reader,
    everything: readerOf(reader, allSpaces),
    get writer() {
      return connection.writer
    },
    connection,
    pid: engine.pid,
    async insert(table, rows) {
      await connection.writer.insert({ table, values: rows, format: 'JSONEachRow' })
    },
    async stop() {
      await connection.drop()
      await engine.stop()
      if (options.dataDirectory === undefined) rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}
