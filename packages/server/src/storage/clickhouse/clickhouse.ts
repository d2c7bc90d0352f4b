import { mkdirSync, statfsSync } from 'node:fs'
import { tables } from '@burstlet/otlp/columns'
import { ClickHouseError, createClient } from '@clickhouse/client'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../../config/settings.ts'
import { type DiskFloor, engineFloor } from '../disk-space/disk-floor.ts'
import { BrokenParts } from './broken-parts.ts'
import { checkColumns } from './check-columns.ts'
import { excessGrants } from './check-guest.ts'
import { ClickhouseConnection, type ClickhouseEndpoint } from './connection.ts'
import { EmbeddedEngine } from './embedded-engine.ts'
import { defaultDatabase, endpointOf } from './endpoint.ts'
import { guestTables } from './guest-tables.ts'
import { migrate } from './migrate.ts'
import { type ClickhouseReader, createReader, defaultReadLimits } from './reader.ts'
import { RemoteClickhouse } from './remote-clickhouse.ts'
import { applyRetention, type RetentionDays } from './retention.ts'

/** ClickHouse as the rest of the server sees it; whether it is embedded or remote is known to this folder only. */
export interface Clickhouse {
  readonly connection: ClickhouseConnection
  readonly reader: ClickhouseReader
  /** Milliseconds of one round trip, or that it has no room for another statement now. @throws when it cannot be reached */
  ping(): Promise<number | 'degraded'>
  /** Folder of the tables, when they are on this machine. */
  readonly tablesFolder: string | undefined
  /** Why the embedded engine is away, when that is for a file that it could not write. */
  failedWrite(): string | undefined
  /** Parts of the tables that were put aside as broken: their rows are missing. */
  readonly brokenParts: BrokenParts
  stop(): Promise<void>
}

export interface ClickhouseOptions {
  /** Where it is, as whom to speak to it, and what the embedded engine may use. */
  readonly settings: Pick<
    Config['storage'],
    'clickhouseUrl' | 'clickhouseReaderUrl' | 'clickhouseSqlUrl' | 'clickhouseMaxMemoryBytes'
  >
  /** Of the embedded engine's tables. */
  readonly tablesFolder: string
  /** Whose files the embedded engine may read. */
  readonly spoolFolder: string
  /** What the disk of the embedded engine keeps free. */
  readonly floor: DiskFloor
  /** How long tables are kept, by the process that sets it; the others leave that as it is. */
  readonly retention: RetentionDays | undefined
  /** Whether to start also while a ClickHouse that others run cannot be reached. */
  readonly mayBeAway: boolean
  /** Of one question. */
  readonly limits: Pick<Config['query'], 'maxSeconds' | 'maxMemoryBytes'>
  readonly log: FastifyBaseLogger
}

/** Starts or finds ClickHouse, and brings its tables up to date. Returns when it can be written to, or is away and may be. */
export async function openClickhouse(options: ClickhouseOptions): Promise<Clickhouse> {
  const { settings, limits, log } = options
  const connection = new ClickhouseConnection()
  const brokenParts = new BrokenParts(connection, log)
  const engine = settings.clickhouseUrl ? undefined : createEngine(options, connection)
  const remote = settings.clickhouseUrl ? createRemote(options, settings.clickhouseUrl, connection) : undefined
  try {
    await engine?.start()
    if (engine) await prepare(connection, options.retention, log)
    if (engine || (await remote?.start())) await brokenParts.list()
  } catch (error) {
    await (engine ?? remote)?.stop()
    throw error
  }
  return {
    connection,
    reader: createReader(connection, {
      ...defaultReadLimits,
      seconds: limits.maxSeconds,
      memoryBytes: limits.maxMemoryBytes,
    }),
    async ping() {
      const started = performance.now()
      const answer = await connection.writer.ping({ select: true })
      if (!answer.success && isBusy(answer.error)) return 'degraded'
      if (!answer.success) throw answer.error
      return performance.now() - started
    },
    tablesFolder: engine && options.tablesFolder,
    failedWrite: () => engine?.failedWrite,
    brokenParts,
    stop: async () => (engine ?? remote)?.stop(),
  }
}

/** Its memory or its queue is full of other statements: MEMORY_LIMIT_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES. */
function isBusy(error: Error): boolean {
  return error instanceof ClickHouseError && (error.code === '241' || error.code === '202')
}

/** The embedded engine gives the user of people's SQL its grants itself; elsewhere that is up to the operator. */
async function warnOfGrants(connection: ClickhouseConnection, log: FastifyBaseLogger): Promise<void> {
  try {
    const grants = await excessGrants(connection.guest)
    const advice =
      'SQL of people runs as a user that may do more than read; name a lesser one in MONITORING_CLICKHOUSE_SQL_URL'
    if (grants.length > 0) log.warn({ user: connection.endpoint.guest.username, grants }, advice)
  } catch (error) {
    log.warn({ err: error }, 'what the user of SQL of people may do cannot be told')
  }
}

function createRemote(
  { settings, retention, mayBeAway, log }: ClickhouseOptions,
  url: string,
  connection: ClickhouseConnection,
): RemoteClickhouse {
  return new RemoteClickhouse(
    {
      endpoint: endpointOf(url, settings.clickhouseReaderUrl, settings.clickhouseSqlUrl),
      prepare: async (preparing) => {
        await prepare(preparing, retention, log)
        await warnOfGrants(preparing, log)
      },
      mayBeAway,
      log,
    },
    connection,
  )
}

function createEngine(
  { settings, tablesFolder: dataDirectory, spoolFolder: localFiles, floor, log }: ClickhouseOptions,
  connection: ClickhouseConnection,
): EmbeddedEngine {
  for (const folder of [localFiles, dataDirectory]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { blocks, bsize } = statfsSync(dataDirectory)
  return new EmbeddedEngine(
    {
      dataDirectory,
      localFiles,
      maxMemory: settings.clickhouseMaxMemoryBytes,
      minFreeDisk: engineFloor(blocks * bsize, floor),
      database: defaultDatabase,
      guestTables,
    },
    connection,
    log,
  )
}

async function prepare(
  connection: ClickhouseConnection,
  retention: RetentionDays | undefined,
  log: FastifyBaseLogger,
): Promise<void> {
  await createDatabase(connection.endpoint)
  const applied = await migrate(connection.writer)
  if (applied.length > 0) log.info({ applied }, 'database migrated')
  await checkColumns(connection.writer, tables)
  const changed = retention ? await applyRetention(connection.writer, retention) : []
  if (changed.length > 0) log.info({ changed }, 'retention changed')
}

/** Asked outside any database, since every request of the ordinary clients names one that may not exist yet. */
async function createDatabase(endpoint: ClickhouseEndpoint): Promise<void> {
  const client = createClient({ url: endpoint.url, ...endpoint.writer })
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${endpoint.database.replaceAll('`', '')}\`` })
  } finally {
    await client.close()
  }
}
