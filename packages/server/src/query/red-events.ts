import { spanFields } from '../fields/span-fields.ts'
import { compileFilter } from '../filters/compile.ts'
import { spanSignal } from '../filters/spans.ts'
import type { Scope } from '../search/query-options.ts'
import { all, type Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import type { EventSource, EventValue } from './event-source.ts'
import type { PlannedAggregate, PlannedQuery } from './plan.ts'
import { contextOf } from './raw-events.ts'
import type { RedTable } from './rollup-fit.ts'

const minute = 60_000

/** What of a span a rollup keeps, in the expressions of the rollup's own definition. */
const ofSpan = `toFloat64(spans.adjusted_count) AS c, if(spans.status = 2, c, 0.) AS e,
  c * intDiv(greatest(spans.duration, 0), 1000) AS us, toUInt64(intDiv(greatest(spans.duration, 0), 1000)) AS longest,
  map(toUInt16(floor(log2(greatest(spans.duration, 1000) / 1000.) * 8)), c) AS h`

/**
 * Whole minutes of the range from a rollup, what is left at its ends from the spans themselves: the same answer as from
 * the spans alone, wherever the range begins and ends.
 * @param rollups false: the spans alone, with the durations that the rollup would have
 */
export function redEvents(
  query: PlannedQuery,
  table: RedTable,
  scope: Scope,
  parameters: Parameters,
  rollups: boolean,
): EventSource {
  const context = contextOf(scope, 'spans', parameters)
  const filter = () => compileFilter(query.filter ?? '', spanSignal, context)
  const keys = (of: string) =>
    query.groupBy.map((key, index) => `${spanKey(key).replaceAll('spans.', `${of}.`)} AS k${index}, `).join('')
  const space = parameters.value('String', scope.space)

  const ofRollup = (range: TimeRange) => `
SELECT toUnixTimestamp64Second(minute) * 1000 AS at, ${keys(table)}${table}.count AS c, ${table}.errors AS e,
  ${table}.duration_us AS us, ${table}.max_us AS longest, CAST(${table}.histogram, 'Map(UInt16, Float64)') AS h
FROM ${table}
WHERE ${all([
    `space = ${space}`,
    'day >= toDate(now() - toIntervalDay(30))',
    ...within('minute', range, parameters),
    filter(),
  ])}`
  const ofSpans = (range: TimeRange) => `
SELECT toUnixTimestamp64Milli(spans.start) AS at, ${keys('spans')}${ofSpan}
FROM spans
WHERE ${all([
    `space = ${space}`,
    `received >= now() - toIntervalDay(${parameters.value('UInt32', context.retentionDays)})`,
    ...within('spans.start', range, parameters),
    filter(),
  ])}`
  return {
    values: query.aggregates.map((aggregate) => valueFor(aggregate, parameters)),
    name: (range) => split(range, rollups).names(table),
    rows(range) {
      const { whole, ends } = split(range, rollups)
      return [...(whole ? [ofRollup(whole)] : []), ...ends.map(ofSpans)].join('\nUNION ALL')
    },
  }
}

function spanKey(key: string): string {
  return key === 'service' || key === 'service.name' ? 'toString(spans.service)' : spanFields.text(key, () => "''")!
}

function within(column: string, range: TimeRange, parameters: Parameters): string[] {
  return [
    `${column} >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})`,
    `${column} < fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.to))})`,
  ]
}

/** The whole minutes of a range, and its two ends. */
function split({ from, to }: TimeRange, rollups: boolean) {
  const first = Math.ceil(from / minute) * minute
  const last = Math.floor(to / minute) * minute
  const whole = rollups && first < last ? { from: first, to: last } : undefined
  const parts = whole
    ? [
        { from, to: first },
        { from: last, to },
      ]
    : [{ from, to }]
  const ends = parts.filter((part) => part.from < part.to)
  return {
    whole,
    ends,
    names: (table: RedTable) => [...(whole ? [table] : []), ...(ends.length > 0 ? ['spans'] : [])].join(' + '),
  }
}

function valueFor({ name, percent }: PlannedAggregate, parameters: Parameters): EventValue {
  switch (name) {
    case 'count':
      return { sql: 'sum(c)', empty: 0 }
    case 'rate':
      return { sql: 'sum(c)', perSecond: true, empty: 0, unit: '1/s' }
    case 'error_rate':
      return { sql: 'sum(e) / sum(c)', empty: null, unit: '1' }
    case 'sum':
      return { sql: 'sum(us) / 1000', empty: 0, unit: 'ms' }
    case 'avg':
      return { sql: 'sum(us) / sum(c) / 1000', empty: null, unit: 'ms' }
    case 'max':
      return { sql: 'max(longest) / 1000', empty: null, unit: 'ms' }
    default:
      return {
        sql: percentile(parameters.value('Float64', percent! / 100)),
        empty: null,
        unit: 'ms',
        approximate: true,
      }
  }
}

/** Nearest rank in the merged histogram: the middle of its bucket, at most 4.4 % off; see `percentile` of services/red.ts. */
function percentile(level: string): string {
  const counts = 'mapValues(sumMap(h))'
  const enough = `sum(c) * (${level} - 1e-9)`
  const bucket = `arrayElement(mapKeys(sumMap(h)), arrayFirstIndex(seen -> seen >= ${enough}, arrayCumSum(${counts})))`
  return `least(exp2((${bucket} + 0.5) / 8), toFloat64(max(longest))) / 1000`
}
