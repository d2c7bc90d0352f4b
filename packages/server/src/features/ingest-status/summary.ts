import type { IngestProcess, IngestResponse } from '@burstlet/contract/ingest'
import type { SeenProcess, SeenReport } from './seen-by.ts'

/** Minutes that are told of. */
const maxMinutes = 60

const unread = 'What other processes report cannot be read: the relational store is away.'
const nobody =
  'No process that takes OTLP reports: none runs with the role ingest, or it does not reach the relational store.'

/** Of several processes what of one: sums, and of what cannot be summed the worst. Stale reports are listed and not summed. */
export function summarize(
  own: SeenProcess,
  others: readonly SeenProcess[] | undefined,
): Omit<IngestResponse, 'timestamp' | 'storage'> {
  const all = [own, ...(others ?? [])]
  const live = all.filter(({ stale }) => !stale)
  const reports = live.map(({ report }) => report)
  const refusal = refusalOf(reports, others === undefined)
  const spools = live.map(({ report, ageSeconds }) => ({ ...report.spool, ageSeconds }))
  return {
    since: reports.map(({ since }) => since).toSorted()[0] ?? own.report.since,
    processes: all.map(processOf),
    totals: totalsOf(reports),
    rejections: rejectionsOf(reports),
    refusals: refusalsOf(reports),
    minutes: minutesOf(reports),
    spool: {
      accepting: refusal === null,
      refusal,
      bytes: sum(spools, ({ bytes }) => bytes),
      capBytes: sum(spools, ({ capBytes }) => capBytes),
      segments: sum(spools, ({ segments }) => segments),
      rows: sum(spools, ({ rows }) => rows),
      oldestSeconds: highest(
        spools.map(({ oldestSeconds, ageSeconds }) => oldestSeconds && oldestSeconds + ageSeconds),
      ),
    },
    inserts: {
      segments: sum(reports, ({ inserts }) => inserts.segments),
      rows: sum(reports, ({ inserts }) => inserts.rows),
      lastSeconds: highest(reports.map(({ inserts }) => inserts.lastSeconds)),
      p50Seconds: highest(reports.map(({ inserts }) => inserts.p50Seconds)),
      p99Seconds: highest(reports.map(({ inserts }) => inserts.p99Seconds)),
      lastError: reports.find(({ inserts }) => inserts.lastError)?.inserts.lastError ?? null,
    },
    refusedSegments: sum(reports, ({ refusedSegments }) => refusedSegments),
  }
}

function processOf({ id, report, ageSeconds, stale }: SeenProcess): IngestProcess {
  const { host, takesOtlp, since, spool, refusedSegments } = report
  return {
    id,
    host,
    takesOtlp,
    since,
    reportedSecondsAgo: ageSeconds,
    stale,
    refusal: spool.refusal,
    spoolBytes: spool.bytes,
    refusedSegments,
  }
}

/** Why some request is refused now: of processes side by side, one that refuses is enough for that. */
function refusalOf(reports: readonly SeenReport[], isUnread: boolean): string | null {
  const taking = reports.filter(({ takesOtlp }) => takesOtlp)
  if (taking.length === 0) return isUnread ? unread : nobody
  const refusing = taking.find(({ spool }) => spool.refusal !== null)
  if (!refusing) return null
  return taking.length === 1 ? refusing.spool.refusal : `${refusing.host}: ${refusing.spool.refusal}`
}

function minutesOf(reports: readonly SeenReport[]): SeenReport['minutes'] {
  const byStart = Map.groupBy(
    reports.flatMap(({ minutes }) => minutes),
    ({ timestamp }) => timestamp,
  )
  return [...byStart]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(-maxMinutes)
    .map(([timestamp, minutes]) => ({
      timestamp,
      accepted: {
        traces: sum(minutes, ({ accepted }) => accepted.traces),
        metrics: sum(minutes, ({ accepted }) => accepted.metrics),
        logs: sum(minutes, ({ accepted }) => accepted.logs),
      },
      rejected: sum(minutes, ({ rejected }) => rejected),
      bytes: sum(minutes, ({ bytes }) => bytes),
    }))
}

function totalsOf(reports: readonly SeenReport[]): SeenReport['totals'] {
  return alike(
    reports.flatMap(({ totals }) => totals),
    ({ key, signal }) => `${key} ${signal}`,
  ).map(([first, same]) => ({
    ...first,
    requests: sum(same, ({ requests }) => requests),
    repeated: sum(same, ({ repeated }) => repeated),
    bytes: sum(same, ({ bytes }) => bytes),
    accepted: sum(same, ({ accepted }) => accepted),
    rejected: sum(same, ({ rejected }) => rejected),
  }))
}

function rejectionsOf(reports: readonly SeenReport[]): SeenReport['rejections'] {
  return alike(
    reports.flatMap(({ rejections }) => rejections),
    ({ signal, reason }) => `${signal} ${reason}`,
  ).map(([first, same]) => ({ ...first, count: sum(same, ({ count }) => count) }))
}

function refusalsOf(reports: readonly SeenReport[]): SeenReport['refusals'] {
  return alike(
    reports.flatMap(({ refusals }) => refusals),
    ({ status }) => String(status),
  ).map(([first, same]) => ({ ...first, count: sum(same, ({ count }) => count) }))
}

/** Items of one name together, with the first of them. */
function alike<Item>(items: readonly Item[], nameOf: (item: Item) => string): [first: Item, same: Item[]][] {
  return [...Map.groupBy(items, nameOf).values()].flatMap((same): [first: Item, same: Item[]][] =>
    same.slice(0, 1).map((first) => [first, same]),
  )
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
