import type { CurrentWindows } from '../../background/rollups/current-windows.ts'
import { redHoursRollup } from '../../background/rollups/red-hours.ts'
import { storedWindows } from '../../background/rollups/stored.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { contextOf } from '../../querying/events/match-events.ts'
import { spanFields } from '../../querying/fields/span-fields.ts'
import { compileFilter } from '../../querying/filters/compile.ts'
import { spanSignal } from '../../querying/filters/spans.ts'
import { all, type Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { percentileSql } from '../red/percentile.ts'
import type { PlannedAggregate, PlannedQuery } from './plan.ts'
import { splitRange } from './range-parts.ts'
import { hourlyTables, type RedTable } from './rollup-fit.ts'
import type { RowSource, RowValue } from './row-source.ts'

/** What of a span a rollup keeps, in the expressions of the rollup's own definition. */
const ofSpan = `toFloat64(spans.adjusted_count) AS c, if(spans.status = 2, c, 0.) AS e,
  c * intDiv(greatest(spans.duration, 0), 1000) AS us, toUInt64(intDiv(greatest(spans.duration, 0), 1000)) AS longest,
  map(toUInt16(floor(log2(greatest(spans.duration, 1000) / 1000.) * 8)), c) AS h`

/** The rollups that a question is read from; `spans`: the spans alone, with the durations that a rollup would have. */
export type RedRollups = 'spans' | { readonly hours: CurrentWindows | undefined }

/**
 * Whole hours of the range from a rollup by hour, whole minutes from one by minute, and what is left at the ends from the
 * spans themselves: the same answer as from the spans alone, wherever the range begins and ends.
 */
export function redEvents(
  query: PlannedQuery,
  table: RedTable,
  context: QueryContext,
  parameters: Parameters,
  rollups: RedRollups,
): RowSource {
  const filterContext = contextOf(context, 'spans', parameters)
  const filter = () => query.filter && compileFilter(query.filter, spanSignal, filterContext)
  const keys = (of: string) =>
    query.groupBy.map((key, index) => `${spanKey(key).replaceAll('spans.', `${of}.`)} AS k${index}, `).join('')
  const select = (of: string, time: string, conditions: readonly string[]) => `
SELECT toUnixTimestamp64Second(${time}) * 1000 AS at, ${keys(of)}${of}.count AS c, ${of}.errors AS e,
  ${of}.duration_us AS us, ${of}.max_us AS longest, CAST(${of}.histogram, 'Map(UInt16, Float64)') AS h
FROM ${of}
WHERE ${all([...conditions, filter()])}`

  const ofHours = ({ from, to }: TimeRange, gaps: readonly number[]) => {
    const hourly = hourlyTables[table]
    const hours = { from: from / 1000, to: to / 1000, gaps }
    return select(hourly, 'window_start', [storedWindows(redHoursRollup, hourly, hours, context.space, parameters)])
  }
  const ofMinutes = (ranges: readonly TimeRange[]) =>
    select(table, 'minute', [
      'day >= toDate(now() - toIntervalDay(30))',
      ranges.map((range) => all(within('minute', range, parameters))).join(' OR '),
    ])
  const ofSpans = (range: TimeRange) => `
SELECT toUnixTimestamp64Milli(spans.start) AS at, ${keys('spans')}${ofSpan}
FROM spans
WHERE ${all([
    `received >= now() - toIntervalDay(${parameters.value('UInt32', filterContext.retentionDays)})`,
    ...within('spans.start', range, parameters),
    filter(),
  ])}`
  const partsOf = (range: TimeRange) => splitRange(range, rollups === 'spans' ? undefined : rollups)
  return {
    values: query.aggregates.map((aggregate) => valueFor(aggregate, parameters)),
    name(range) {
      const { hours, minutes, rest } = partsOf(range)
      return [
        ...(hours ? [hourlyTables[table]] : []),
        ...(minutes.length > 0 ? [table] : []),
        ...(rest.length > 0 ? ['spans'] : []),
      ].join(' + ')
    },
    rows(range) {
      const { hours, minutes, rest } = partsOf(range)
      return [
        ...(hours ? [ofHours(hours.range, hours.gaps)] : []),
        ...(minutes.length > 0 ? [ofMinutes(minutes)] : []),
        ...rest.map(ofSpans),
      ].join('\nUNION ALL')
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

function valueFor({ name, percent }: PlannedAggregate, parameters: Parameters): RowValue {
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
        sql: percentileSql('sumMap(h)', parameters.value('Float64', percent! / 100), 'max(longest)'),
        empty: null,
        unit: 'ms',
        approximate: true,
      }
  }
}
