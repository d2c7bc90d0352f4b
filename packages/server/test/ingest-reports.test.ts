import type { IngestResponse } from '@burstlet/contract/ingest'
import { eventually } from '@burstlet/testkit/eventually'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SeenReport, seenBy } from '../src/features/ingest-status/seen-by.ts'
import { summarize } from '../src/features/ingest-status/summary.ts'
import type { IngestReport, SpaceReport } from '../src/ingest/reports/report.ts'
import { IngestReports, type IngestReportsOptions } from '../src/ingest/reports/reports.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

const log = pino({ level: 'silent' })
const minute = (timestamp: string, logs: number) => ({
  timestamp,
  accepted: { traces: 0, metrics: 0, logs },
  rejected: 1,
  bytes: 10,
})

const nothing: SpaceReport = {
  totals: [],
  rejections: [],
  refusals: [],
  minutes: [],
  refusedSegments: 0,
  deadLetters: [],
}

/** What a process says to the space that it took so many log records for. */
function seen(host: string, accepted: number, more: Partial<SeenReport> = {}): SeenReport {
  return {
    host,
    takesOtlp: true,
    since: '2025-01-01T00:00:00.000Z',
    totals: [{ key: 'ingest', signal: 'logs', requests: 1, repeated: 0, bytes: 10, accepted, rejected: 1 }],
    rejections: [{ signal: 'logs', reason: 'too_many_attributes', count: 1, first: host }],
    refusals: [{ status: 400, count: 2 }],
    minutes: [minute('2025-01-01T00:01:00.000Z', accepted)],
    spool: { accepting: true, refusal: null, bytes: 0, capBytes: 100, segments: 0, rows: 0, oldestSeconds: null },
    inserts: { segments: 1, rows: accepted, lastSeconds: 0.1, p50Seconds: 0.1, p99Seconds: 0.2, lastError: null },
    refusedSegments: 0,
    deadLetters: [],
    ...more,
  }
}

/** What such a process reports. */
function report(host: string, accepted: number, more: Partial<SeenReport> = {}): IngestReport {
  const { totals, rejections, refusals, minutes, refusedSegments, deadLetters, ...rest } = seen(host, accepted, more)
  const own = { totals, rejections, refusals, minutes, refusedSegments, deadLetters }
  return { ...rest, spaces: [{ name: 'default', report: own }], elsewhere: nothing }
}

describe.each(relationalStores)('reports on %s', (_name, start) => {
  let store: RelationalStore
  let database: Database
  beforeAll(async () => {
    store = await start()
    database = await openDatabase(store.config)
  })
  afterAll(async () => {
    await database.destroy()
    await store.stop()
  })
  beforeEach(() => database.deleteFrom('ingest_reports').execute())

  const reportsOf = (id: string, own: IngestReport, more: Partial<IngestReportsOptions> = {}) =>
    new IngestReports({ database, id, own: async () => own, log, everyMs: 20, ...more })

  it('are what each process reads of the others, and end with a process that has nothing left', async () => {
    const one = reportsOf('one', report('a', 1))
    const two = reportsOf('two', report('b', 2, { spool: { ...report('b', 2).spool, bytes: 7, oldestSeconds: 30 } }))
    one.start()
    two.start()
    await eventually(async () => (await one.others()).length === 1 && (await two.others()).length === 1)
    expect(await one.others()).toMatchObject([{ id: 'two', stale: false, report: { host: 'b' } }])
    await eventually(() => one.oldestSeconds(5) === 30)
    await one.stop()
    expect(await two.others()).toEqual([])
    // What waits in its spool is not forgotten with it.
    await two.stop()
    expect(await one.others()).toMatchObject([{ id: 'two', report: { spool: { bytes: 7 } } }])
  })

  it('are stale some time after the last, and removed later', async () => {
    const gone = reportsOf('gone', report('a', 1, { refusedSegments: 1 }))
    gone.start()
    await gone.stop()
    const patient = reportsOf('patient', report('b', 1))
    expect(await patient.others()).toMatchObject([{ id: 'gone', stale: false }])
    const strict = reportsOf('strict', report('c', 1), { staleMs: 0, keptMs: 0 })
    await eventually(async () => (await strict.others())[0]?.stale === true)
    expect(await patient.others()).toHaveLength(1)
    strict.start()
    await eventually(async () => (await patient.others()).every(({ id }) => id !== 'gone'))
    await strict.stop()
  })

  it('of another version, in another shape, are left out', async () => {
    await database
      .insertInto('ingest_reports')
      .values({ id: 'newer', reported_at: Date.now(), report: '{"shape": 2}' })
      .execute()
    expect(await reportsOf('one', report('a', 1)).others()).toEqual([])
  })
})

describe('summarize', () => {
  const process = (id: string, of: SeenReport, more: { ageSeconds?: number; stale?: boolean } = {}) => ({
    id,
    report: of,
    ageSeconds: 0,
    stale: false,
    ...more,
  })

  it('of a process says to each space what came in for that one', () => {
    const told = process('one', seen('a', 3))
    const whole = { ...told, report: report('a', 3) }
    expect(seenBy('default', whole).report).toEqual(told.report)
    expect(seenBy('other', whole).report).toEqual({ ...told.report, ...nothing })
  })

  it('of one process is what it says', () => {
    const own = seen('a', 3)
    const { processes, ...summary } = summarize(process('one', own), [])
    const { host: _, takesOtlp: __, deadLetters: ___, ...said } = own
    expect(summary).toEqual(said)
    expect(processes).toHaveLength(1)
  })

  it('adds up those that live, and takes the worst of what has no sum', () => {
    const later = seen('b', 4, {
      since: '2025-01-01T00:05:00.000Z',
      minutes: [minute('2025-01-01T00:00:00.000Z', 1), minute('2025-01-01T00:01:00.000Z', 3)],
      spool: { accepting: false, refusal: 'full', bytes: 5, capBytes: 100, segments: 1, rows: 9, oldestSeconds: 2 },
      refusedSegments: 2,
    })
    const summary = summarize(process('one', seen('a', 3)), [
      process('two', later, { ageSeconds: 4 }),
      process('dead', seen('c', 1000), { ageSeconds: 60, stale: true }),
    ])
    expect(summary).toMatchObject({
      since: '2025-01-01T00:00:00.000Z',
      totals: [{ key: 'ingest', signal: 'logs', requests: 2, bytes: 20, accepted: 7, rejected: 2 }],
      rejections: [{ count: 2, first: 'a' }],
      refusals: [{ status: 400, count: 4 }],
      spool: { accepting: false, refusal: 'b: full', bytes: 5, capBytes: 200, segments: 1, rows: 9, oldestSeconds: 6 },
      inserts: { segments: 2, rows: 7, p99Seconds: 0.2 },
      refusedSegments: 2,
    } satisfies Partial<Record<keyof IngestResponse, unknown>>)
    expect(summary.minutes.map(({ accepted }) => accepted.logs)).toEqual([1, 6])
    expect(summary.processes.map(({ id, stale }) => [id, stale])).toEqual([
      ['one', false],
      ['two', false],
      ['dead', true],
    ])
  })

  it('says why nothing is taken when no process takes OTLP, or that nobody can tell', () => {
    const own = process('one', seen('a', 0, { takesOtlp: false }))
    expect(summarize(own, []).spool.refusal).toMatch(/No process that takes OTLP reports/)
    expect(summarize(own, undefined).spool.refusal).toMatch(/the relational store is away/)
    expect(summarize(process('one', seen('a', 0)), undefined).spool.refusal).toBeNull()
  })
})
