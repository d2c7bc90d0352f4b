import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { type Buckets, pointsWithin } from './points.ts'
import type { SeriesSelection } from './series.ts'

/** How what is asked is to be read, beside what it is about. */
export interface Timing {
  readonly range: TimeRange
  readonly buckets: Buckets
  /** A series that was silent for longer begins anew, ms. */
  readonly silenceMs: number
  /** Epoch ms. */
  readonly now: number
}

/** What is read to tell increases. docs/decisions/0018-rates.md defines them. */
export interface IncreaseQuestion extends Timing {
  readonly context: QueryContext
  readonly selection: SeriesSelection
  /** A subquery of the selected series, as `seriesQuery` gives it. */
  readonly series: string
}

/** How the points of one table are read. */
export interface PointColumns {
  readonly table: string
  /** Values of a point by name: type and SQL over `point`. A counter that began anew is told by the first of them. */
  readonly values: Readonly<Record<string, readonly [type: string, sql: string]>>
  /** SQL over `chosen`: points hold what was added since the one before, not all since the start. */
  readonly isDelta: string
  /** SQL over `chosen`: values may fall without having begun anew. */
  readonly isLevel: string
  /** Columns of `chosen` that are handed on. */
  readonly described: readonly string[]
  /** SQL over `point` that holds for those that count. */
  readonly where?: string
}

/** How late a point may be before its series is thought to have ended, ns. */
const lateNs = 60_000_000_000

/**
 * A subquery of what was added, one row for each pair of neighbouring points and each bucket that the time between them
 * touches: `fingerprint`, `labels`, the described columns; `newer` and `older`, tuples of the values; `all_new`, when nothing
 * of `older` is to be subtracted; `bucket`; `part`, the share of what was added that lies in the bucket and in the range.
 *
 * For rates: `low` and `high`, seconds after the start of the bucket between which the row is known, if it is `known`; `open`
 * for the newest pair of a series whose next point is due, which also has rows of the buckets from then until now, not
 * `known`; `last_at` and `span_ns`, the newest time and the length of the pair.
 *
 * Points are looked for on both sides of the range, so a whole bucket has the same rows whatever range is asked.
 */
export function increasesQuery(question: IncreaseQuestion, columns: PointColumns, parameters: Parameters): string {
  const { range, buckets, silenceMs, now } = question
  const ns = (ms: number) => parameters.value('Int64', nanoseconds(ms))
  const [from, to, current, silence] = [ns(range.from), ns(range.to), ns(now), ns(silenceMs)]
  const [count] = Object.keys(columns.values)
  // A level for each step: an alias that others are made of is written out again at each place, and planned as often. And no
  // WHERE, since a condition that is pushed down through all of them is dearer still: a pair that is of no use gets no bucket.
  const kept = `fingerprint, labels, ${columns.described.map((name) => `${name}, `).join('')}newer, older`
  const pairs = `
SELECT *, multiIf(begins > all_new, 0, since = at, before_end > before_begin, since >= ${to}, 0, open, 1, at > ${from}) AS counts
FROM (
  SELECT *, at < ${to} AS before_end, at < ${from} AS before_begin,
    multiIf(NOT is_last, 0, since >= at, 0, at >= ${to}, 0, at > ${current}, 0,
      ${current} - at < 2 * (at - if(is_first, since, older.t)) + ${lateNs}) AS open
  FROM (
  SELECT *, is_delta OR is_reset OR (begins AND NOT is_level AND has_start AND newer.s >= at - ${silence}) AS all_new,
    multiIf(
      is_delta, if(has_start, greatest(newer.s, at - ${silence}), at),
      begins, newer.s,
      is_reset AND has_start, greatest(newer.s, older.t),
      older.t) AS since
  FROM (
    SELECT *, NOT is_delta AND NOT is_level AND NOT begins
      AND (newer.${count} < older.${count} OR newer.s > older.t OR (older.s > 0 AND newer.s > older.s)) AS is_reset
    FROM (
      SELECT ${kept}, is_delta, is_level, newer.t AS at, place = 1 AS is_first, place = length(points) AS is_last,
        newer.s > 0 AND newer.s < newer.t AS has_start,
        NOT is_delta AND (place = 1 OR newer.t - older.t > ${silence}) AS begins
      FROM (${neighbours(question, columns, parameters, { from, to })})
      ARRAY JOIN points AS newer, arrayConcat([points[1]], arrayPopBack(points)) AS older, arrayEnumerate(points) AS place
    )
  )
))`
  return `(
SELECT ${kept}, all_new, open, bucket, last_at, span_ns, is_event OR end_ns > begin_ns AS known,
  multiIf(is_event, 1., end_ns > begin_ns, (end_ns - begin_ns) / span_ns, 0.) AS part,
  (if(is_event, greatest(bucket_from, ${from}), begin_ns) - bucket_from) / 1e9 AS low,
  (if(is_event, least(bucket_to, ${to}, greatest(${current}, last_at + 1)), end_ns) - bucket_from) / 1e9 AS high
FROM (
  SELECT ${kept}, all_new, open, bucket, bucket_from, bucket_to, at AS last_at, at - since AS span_ns, since = at AS is_event,
    greatest(since, bucket_from, ${from}) AS begin_ns, least(at, bucket_to, ${to}) AS end_ns
  FROM (${inBuckets(pairs, buckets, { from, to, current }, parameters)})
))`
}

/**
 * The points of each series as an array in the order of time: those of the range, the one before it and the one after. Points
 * further away are passed over as they are read, so looking far for them is cheap.
 */
function neighbours(
  { context, selection, series, range, silenceMs }: IncreaseQuestion,
  columns: PointColumns,
  parameters: Parameters,
  { from, to }: Pick<Bounds, 'from' | 'to'>,
): string {
  const around = { from: range.from - silenceMs, to: range.to + silenceMs }
  const names = Object.keys(columns.values)
  const cells = ['t', 's', ...names]
  const types = ['t Int64', 's Int64', ...names.map((name) => `${name} ${columns.values[name]![0]}`)]
  const point = `tuple(${cells.join(', ')})`
  const within = `t >= ${from} AND t < ${to}`
  const described = columns.described.map((name) => `chosen.${name} AS ${name}, `).join('')
  return `
SELECT found.fingerprint AS fingerprint, chosen.labels AS labels, ${described}
  ${columns.isDelta} AS is_delta, ${columns.isLevel} AS is_level, found.points AS points
FROM (
  SELECT fingerprint, CAST(arrayConcat(
    if(countIf(t < ${from}) > 0, [argMaxIf(${point}, t, t < ${from})], []),
    arraySort(each -> each.1, arrayZip(${cells.map((name) => `groupArrayIf(${name}, ${within})`).join(', ')})),
    if(countIf(t >= ${to}) > 0, [argMinIf(${point}, t, t >= ${to})], [])
  ), 'Array(Tuple(${types.join(', ')}))') AS points
  FROM (
    SELECT point.fingerprint AS fingerprint, toUnixTimestamp64Nano(point.time) AS t, toUnixTimestamp64Nano(point.start) AS s,
      ${names.map((name) => `${columns.values[name]![1]} AS ${name}`).join(', ')}
    FROM ${columns.table} AS point
    WHERE ${pointsWithin(selection, series, around, context, parameters)}${columns.where ? ` AND ${columns.where}` : ''}
  )
  GROUP BY fingerprint
) AS found
INNER JOIN ${series} AS chosen ON chosen.fingerprint = found.fingerprint`
}

interface Bounds {
  readonly from: string
  readonly to: string
  readonly current: string
}

/** Adds `bucket` (epoch ms), `bucket_from` and `bucket_to` (ns) to pairs: a row for each bucket that the time of a pair touches. */
function inBuckets(
  pairs: string,
  { seconds, only }: Buckets,
  { from, to, current }: Bounds,
  parameters: Parameters,
): string {
  if (only !== undefined) {
    const bucket = parameters.value('Int64', Math.floor(only))
    return `
SELECT *, arrayJoin(if(counts, [1], [])) AS number, ${bucket} AS bucket, ${from} AS bucket_from, ${to} AS bucket_to
FROM (${pairs})`
  }
  const step = parameters.value('Int64', `${seconds}000000000`)
  return `
SELECT *, toInt64(number) * ${step} AS bucket_from, (toInt64(number) + 1) * ${step} AS bucket_to,
  intDiv(toInt64(number) * ${step}, 1000000) AS bucket
FROM (
  SELECT *, arrayJoin(if(counts, range(toUInt64(first_bucket), toUInt64(greatest(first_bucket, last_bucket) + 1)), [])) AS number
  FROM (
    SELECT *, intDiv(greatest(since, ${from}), ${step}) AS first_bucket,
      intDiv(least(if(open, ${current}, at), ${to}) - 1, ${step}) AS last_bucket
    FROM (${pairs})
  )
)`
}
