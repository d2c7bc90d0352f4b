import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { sql } from 'kysely'
import { lockDataFolder } from '../config/data-folder.ts'
import type { Config } from '../config/settings.ts'
import { spoolFolder } from '../config/spool-folder.ts'
import { probeClickhouse } from '../features/health/probes.ts'
import { ingestLimits } from '../ingest/ingest-limits.ts'
import { Receiver } from '../ingest/receiver.ts'
import { DeadLetterOrders } from '../ingest/reports/orders.ts'
import { reportOn } from '../ingest/reports/report.ts'
import { IngestReports } from '../ingest/reports/reports.ts'
import { type Clickhouse, openClickhouse } from '../storage/clickhouse/clickhouse.ts'
import { type Database, openDatabase } from '../storage/database/database.ts'
import { lockSqlite } from '../storage/database/sqlite-file.ts'
import { DiskSpace } from '../storage/disk-space/disk-space.ts'
import { type Role, startInOrder } from './role.ts'

/** What every process has, whatever its roles: both stores, and a spool of its own for all that it writes to ClickHouse. */
export interface Foundation extends Role {
  readonly database: Database
  readonly clickhouse: Clickhouse
  readonly disks: DiskSpace
  readonly receiver: Receiver
  readonly reports: IngestReports
  readonly orders: DeadLetterOrders
}

/**
 * Whether the process only takes OTLP: what it takes waits in the spool, so it goes on, and starts, without the stores. To take it
 * out of service for them would lose what nobody takes.
 */
export function needsNoStore({ roles }: Pick<Config['server'], 'roles'>): boolean {
  return roles.every((role) => role === 'ingest')
}

export type FoundationConfig = Pick<Config, 'server' | 'storage' | 'retention' | 'ingest' | 'query'>

/** Locks the data folder, opens the stores, and takes up what an earlier run left in the spool. */
export function openFoundation(config: FoundationConfig, log: FastifyBaseLogger): Promise<Foundation> {
  return startInOrder(log, async (stack) => {
    const { storage, ingest, retention } = config
    const takesOtlp = config.server.roles.includes('ingest')
    const mayBeAway = needsNoStore(config.server)
    const root = spoolFolder(storage.dataFolder)
    stack.defer(lockDataFolder(storage.dataFolder))
    if (!storage.databaseUrl) stack.defer(lockSqlite(storage.dataFolder))
    const database = stack.adopt(await openDatabase(storage, mayBeAway), (opened) => opened.destroy())
    const floor = { bytes: storage.minFreeBytes, percent: storage.minFreePercent }
    const clickhouse = stack.adopt(
      await openClickhouse({
        settings: storage,
        tablesFolder: join(storage.dataFolder, 'clickhouse'),
        spoolFolder: root,
        floor,
        // It goes with what recurs, so that a process that was told less does not undo it.
        retention: config.server.roles.includes('scheduler') ? retention : undefined,
        mayBeAway,
        limits: config.query,
        log,
      }),
      (opened) => opened.stop(),
    )
    const { tablesFolder, connection } = clickhouse
    mkdirSync(root, { recursive: true, mode: 0o700 })
    const paths = { spool: root, ...(tablesFolder && { tables: tablesFolder }) }
    const disks = stack.adopt(new DiskSpace(paths, floor), (watched) => watched.stop())
    // It says last how the spool was left behind.
    let reports: IngestReports | undefined
    stack.defer(() => reports?.stop())
    const receiver = new Receiver({
      root,
      disks,
      connection,
      log,
      maxBodyBytes: ingest.maxBodyBytes,
      // What a process writes itself is little.
      workers: takesOtlp ? (ingest.threads ?? Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)))) : 1,
      capBytes: ingest.spoolMaxBytes,
      insertIntervalMs: ingest.insertIntervalMs,
      limits: ingestLimits(ingest),
    })
    stack.defer(() => receiver.spool.stop())
    const { id } = receiver.spool.identity
    const orders = new DeadLetterOrders(database, id, receiver.spool)
    const own = () => reportOn(receiver, takesOtlp)
    reports = new IngestReports({ database, id, own, carryOut: () => orders.carryOut(), log })
    // On SQLite there is no other process that would ask.
    if (storage.databaseUrl) reports.start()
    const probes: Role['probes'] = {
      clickhouse: () => probeClickhouse(clickhouse),
      database: async () => {
        const started = performance.now()
        await sql`SELECT 1`.execute(database)
        return performance.now() - started
      },
    }
    return { database, clickhouse, disks, receiver, reports, orders, probes }
  })
}
