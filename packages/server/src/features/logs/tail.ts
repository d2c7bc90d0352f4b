import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord } from '@burstlet/contract/logs'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'
import { type LogRow, logColumns, recordsOf } from './search.ts'

export type TailEvent =
  | { readonly event: 'log'; readonly id: string; readonly data: LogRecord }
  | { readonly event: 'skipped'; readonly data: { readonly records: number } }

const everyMs = 1000
/** Inserts of several threads and replicas do not come in the order of receipt: what is this much older is still looked for. */
const overlapMs = 15_000
/** How far a record's own time may be from its receipt. */
const maxSkewMs = 900_000
const maxAtOnce = 500
const maxIds = 20_000
/** A record id begins with the milliseconds of its receipt. */
const idOf = (milliseconds: number) => BigInt(Math.floor(milliseconds)) << 22n

/**
 * Records as they are stored, oldest first, until the signal of the scope. The next are only looked for when those before
 * have been taken, so that a client which reads slowly is sent less and never makes the server remember more; of what came
 * meanwhile it gets the newest, and how many were skipped.
 * @param pauseMs how long to wait after a reading, at least so long
 */
export async function* tailLogs(
  context: QueryContext,
  search: LogSearch,
  pauseMs: (tookMs: number, leastMs: number) => number = (_, leastMs) => leastMs,
  startedAt = Date.now(),
): AsyncGenerator<TailEvent, void, void> {
  let seen = new Set<string>()
  let since = startedAt
  while (!context.signal.aborted) {
    const now = Date.now()
    const began = performance.now()
    const { ids, found } = await readIds(context, search, since, now)
    const took = performance.now() - began
    const fresh = ids.filter((id) => !seen.has(id))
    const chosen = fresh.slice(0, maxAtOnce)
    // Of more than can be listed, those that are not listed are skipped too.
    const skipped = fresh.length - chosen.length + (found - ids.length)
    if (skipped > 0) yield { event: 'skipped', data: { records: skipped } }
    for (const data of await readRecords(context, chosen, now)) yield { event: 'log', id: data.id, data }
    since = Math.max(startedAt, now - overlapMs)
    const oldest = idOf(since)
    seen = new Set([...seen, ...ids].filter((id) => BigInt(id) >= oldest))
    await sleep(pauseMs(took, everyMs), undefined, { signal: context.signal }).catch(() => {})
  }
}

function rangeAround(since: number, now: number): TimeRange {
  return { from: since - maxSkewMs, to: now + maxSkewMs }
}

/** Ids of the records that were received since then, newest first. */
async function readIds(context: QueryContext, search: LogSearch, since: number, now: number) {
  const parameters = new Parameters()
  const match = matchLogs(search, context, rangeAround(since, now), parameters)
  const rows = await context.reader.query<{ id: string; found: string }>({
    sql: `SELECT toString(record_id) AS id, toString(count() OVER ()) AS found FROM logs
WHERE ${match} AND record_id >= ${parameters.value('UInt64', String(idOf(since)))}
ORDER BY record_id DESC LIMIT ${maxIds}`,
    params: parameters.params,
    signal: context.signal,
  })
  return { ids: rows.map(({ id }) => id), found: Number(rows[0]?.found ?? 0) }
}

/** @returns in the order of receipt */
async function readRecords(context: QueryContext, ids: readonly string[], now: number): Promise<LogRecord[]> {
  if (ids.length === 0) return []
  const parameters = new Parameters()
  const match = matchLogs({}, context, rangeAround(now - maxSkewMs, now), parameters)
  const rows = await context.reader.query<LogRow>({
    sql: `SELECT ${logColumns} FROM logs
WHERE ${match} AND record_id IN ${parameters.value('Array(UInt64)', ids.map(BigInt))}
ORDER BY record_id LIMIT ${maxAtOnce}`,
    params: parameters.params,
    signal: context.signal,
  })
  return recordsOf(context, rows)
}
