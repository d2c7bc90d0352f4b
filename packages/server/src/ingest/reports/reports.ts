import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { sql } from 'kysely'
import { type Database, timeOf } from '../../storage/database/database.ts'
import { type IngestReport, ingestReport } from './report.ts'

/** What another process said of itself last. */
export interface ReportedProcess {
  readonly id: string
  readonly ageSeconds: number
  /** Whether it has missed several times to report: it ended without a word, or does not reach the database. */
  readonly stale: boolean
  readonly report: IngestReport
}

export interface IngestReportsOptions {
  readonly database: Database
  /** Of this process's spool. */
  readonly id: string
  readonly own: () => Promise<IngestReport>
  /** Does what other processes asked this one for, as often as it reports. */
  readonly carryOut?: () => Promise<void>
  readonly log: FastifyBaseLogger
  readonly everyMs?: number
  /** Reports that are older are stale. */
  readonly staleMs?: number
  /** Reports that are older are removed. */
  readonly keptMs?: number
}

/** More processes than these are not listed: those that reported last are. */
const maxProcesses = 200

/** What the processes of an installation tell each other, through the relational store, of what they take in. */
export class IngestReports {
  readonly #options: Required<IngestReportsOptions>
  #started = false
  readonly #stopping = new AbortController()
  #loop = Promise.resolve()
  #failed = false
  /** As they were read last. */
  #others: readonly ReportedProcess[] = []

  constructor(options: IngestReportsOptions) {
    this.#options = { everyMs: 3000, staleMs: 15_000, keptMs: 24 * 3_600_000, carryOut: async () => {}, ...options }
  }

  /** Of this process. */
  get id(): string {
    return this.#options.id
  }

  /** Of this process, now. */
  own(): Promise<IngestReport> {
    return this.#options.own()
  }

  /** Reports from now on. */
  start(): void {
    this.#started = true
    this.#loop = this.#repeat()
  }

  /** Reports a last time, or takes the report back when nothing is left that anybody would look for. */
  async stop(): Promise<void> {
    if (!this.#started) return
    this.#stopping.abort()
    await this.#loop
    const { database, id } = this.#options
    try {
      const own = await this.own()
      if (own.spool.bytes > 0 || own.spaces.some(({ report }) => report.refusedSegments > 0)) await this.#write(own)
      else await database.deleteFrom('ingest_reports').where('id', '=', id).execute()
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the last report of this process could not be written')
    }
  }

  /** What the other processes said last, the latest first. @throws when the relational store cannot be asked */
  async others(): Promise<readonly ReportedProcess[]> {
    const { database, id, staleMs } = this.#options
    const rows = await database
      .selectFrom('ingest_reports')
      .select(['id', 'reported_at', 'report', timeOf(database).as('now')])
      .where('id', '!=', id)
      .orderBy('reported_at', 'desc')
      .limit(maxProcesses)
      .execute()
    return rows.flatMap((row) => {
      const ageMs = Math.max(0, row.now - row.reported_at)
      // One that another version wrote may have another shape.
      const { success, data } = ingestReport.safeParse(JSON.parse(row.report))
      return success ? [{ id: row.id, ageSeconds: ageMs / 1000, stale: ageMs > staleMs, report: data }] : []
    })
  }

  /** How long what was received waits for ClickHouse, in whichever process; what others said may be some seconds old. */
  oldestSeconds(own: number | null): number {
    const others = this.#others.filter(({ stale }) => !stale).map(({ report }) => report.spool.oldestSeconds ?? 0)
    return Math.max(own ?? 0, ...others)
  }

  async #repeat(): Promise<void> {
    const { everyMs, log } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#write(await this.own())
        await this.#removeOld()
        this.#others = await this.others()
        await this.#options.carryOut()
        this.#failed = false
      } catch (error) {
        if (!this.#failed)
          log.warn({ err: error }, 'what this process takes in could not be reported; it is tried again')
        this.#failed = true
      }
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  async #write(own: IngestReport): Promise<void> {
    const { database, id } = this.#options
    const row = { reported_at: timeOf(database), report: JSON.stringify(own) }
    await database
      .insertInto('ingest_reports')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }

  async #removeOld(): Promise<void> {
    const { database, keptMs } = this.#options
    const isOld = sql<boolean>`reported_at < ${timeOf(database)} - ${keptMs}`
    await database.deleteFrom('ingest_reports').where(isOld).execute()
  }
}
