import type { FieldKeysResponse } from '@burstlet/contract/fields'
import type { QuerySignal } from '@burstlet/contract/query'
import { parse } from '@burstlet/query-language/parse'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { matchEvents } from '../../querying/events/match-events.ts'
import { logFields } from '../../querying/fields/log-fields.ts'
import { metricFields } from '../../querying/fields/metric-fields.ts'
import { RowFields } from '../../querying/fields/row-fields.ts'
import { spanFields } from '../../querying/fields/span-fields.ts'
import { compileFilter } from '../../querying/filters/compile.ts'
import { metricSignal } from '../../querying/filters/metrics.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import { slicesBackwards } from '../../querying/time/newest-first.ts'
import { dayStart, type TimeRange } from '../../querying/time/time-range.ts'

export interface Sampling {
  readonly signal: QuerySignal
  readonly filter: string | undefined
  readonly metric: string | undefined
  readonly range: TimeRange
  /** Enough rows to stop at. */
  readonly rows: number
}

/** What a statement over a sample is made of. */
export interface SampleSql {
  readonly fields: RowFields
  readonly parameters: Parameters
  /** How many rows one stands for. */
  readonly weight: string
  /** WHERE without the word. */
  readonly where: string
}

/** No slice is begun after this long; what was found until then is the answer. */
const maxMs = 3000

const own = { spans: spanFields, logs: logFields, metrics: metricFields } as const
const row = {
  spans: { weight: 'toFloat64(spans.adjusted_count)', id: 'spans.span_id' },
  logs: { weight: '1.', id: 'logs.record_id' },
} as const

/**
 * Looks at the newest rows, slice by slice, until there are enough. A slice with too many is thinned out evenly, since
 * its first rows would all be of one service; each row that is left counts for those that are not.
 * @param statement gives `n` (rows) besides what the caller needs; a row of it may have no more
 * @param countOf the rows that a slice had
 */
export async function sampleNewest<Row>(
  context: QueryContext,
  sampling: Sampling,
  statement: (sql: SampleSql) => string,
  countOf: (rows: readonly Row[]) => number,
): Promise<{ rows: Row[]; sampled: FieldKeysResponse['sampled'] }> {
  const { signal, range } = sampling
  if (signal === 'metrics') return sampleSeries(context, sampling, statement, countOf)
  const filter = sampling.filter === undefined ? undefined : parse(sampling.filter)
  const found: Row[] = []
  const started = performance.now()
  let rows = 0
  let reached = range.to
  let thinned = false
  for (const slice of slicesBackwards(range)) {
    if (rows >= sampling.rows || performance.now() - started > maxMs) break
    const make = (share: number, select: (sql: SampleSql) => string) => {
      const parameters = new Parameters()
      const filterContext = contextOf(context, signal, parameters)
      const every = share > 1 ? ` AND cityHash64(${row[signal].id}) % ${parameters.value('UInt32', share)} = 0` : ''
      const where = matchEvents(signal, filter, slice, filterContext) + every
      const weight = share > 1 ? `${row[signal].weight} * ${share}` : row[signal].weight
      const fields = new RowFields(own[signal], filterContext)
      return { sql: select({ fields, parameters, weight, where }), params: parameters.params, signal: context.signal }
    }
    const [counted] = await context.reader.query<{ matching: string }>(
      make(1, ({ fields, where }) => `SELECT count() AS matching FROM ${fields.from} WHERE ${where}`),
    )
    // A long slice of which only a few rows were taken would stand for much with little.
    const wanted = Math.max(sampling.rows - rows, sampling.rows / 4)
    const share = Math.ceil(Number(counted?.matching ?? 0) / wanted)
    const read = await context.reader.query<Row>(make(share, statement))
    found.push(...read)
    rows += countOf(read)
    reached = slice.from
    thinned ||= share > 1
  }
  const complete = !thinned && reached <= range.from
  return { rows: found, sampled: { complete, rows, from: new Date(reached).toISOString() } }
}

/** Series stand once a day, so the day that the range begins in counts whole; and so does what came later, perhaps about this time. */
async function sampleSeries<Row>(
  context: QueryContext,
  { filter, metric, range, rows: most }: Sampling,
  statement: (sql: SampleSql) => string,
  countOf: (rows: readonly Row[]) => number,
): Promise<{ rows: Row[]; sampled: FieldKeysResponse['sampled'] }> {
  const parameters = new Parameters()
  const filterContext = contextOf(context, 'metrics', parameters)
  const selected = all([
    `received >= now() - toIntervalDay(${parameters.value('UInt32', filterContext.retentionDays)})`,
    `received >= toDateTime(${parameters.value('UInt32', dayStart(range.from))})`,
    metric === undefined ? undefined : `name = ${parameters.value('String', metric)}`,
    filter === undefined ? undefined : compileFilter(parse(filter), metricSignal, filterContext),
  ])
  const where = `(metric_series.fingerprint, metric_series.received) IN (
    SELECT fingerprint, max(received) FROM metric_series WHERE ${selected}
    GROUP BY fingerprint LIMIT ${parameters.value('UInt32', most)}
  ) AND ${selected}`
  const fields = new RowFields(metricFields, filterContext)
  const sql = statement({ fields, parameters, weight: '1.', where })
  const rows = await context.reader.query<Row>({ sql, params: parameters.params, signal: context.signal })
  const count = countOf(rows)
  return { rows, sampled: { complete: count < most, rows: count, from: new Date(range.from).toISOString() } }
}

function contextOf(context: QueryContext, signal: QuerySignal, parameters: Parameters) {
  const kept = { spans: context.retention.traces, logs: context.retention.logs, metrics: context.retention.metrics }
  return { parameters, retentionDays: kept[signal] }
}
