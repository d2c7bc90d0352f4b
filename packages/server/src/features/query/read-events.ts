import { currentRedHours } from '../../background/rollups/red-hours.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { bucketsOf, coveredSeconds, rangeSeconds, type TimeRange } from '../../querying/time/time-range.ts'
import { estimateRows } from '../../storage/clickhouse/estimate.ts'
import { countedMinutes } from '../logs/minutes.ts'
import { type Evaluated, finite, type Group, identity, type ValueColumn } from './evaluated.ts'
import { EventReader } from './event-reader.ts'
import type { ChosenGroups, EventRow } from './event-sql.ts'
import { countsResponse, logCountEvents } from './log-count-events.ts'
import type { PlannedQuery } from './plan.ts'
import { rawEvents } from './raw-events.ts'
import type { Reading } from './reading.ts'
import { type RedRollups, redEvents } from './red-events.ts'
import { fittingRollup, stepsAreWhole } from './rollup-fit.ts'
import type { RowSource, SourceOf } from './row-source.ts'

/** Beyond this many rows, percentiles and distinct values are estimated: exact ones would not fit into memory. */
const maxPreciseRows = 5_000_000

/** Spans and logs by group, over time (`time_series`) or as a whole (`scalar`, `table`). */
export async function readEvents(query: PlannedQuery, context: QueryContext, reading: Reading): Promise<Evaluated> {
  const { offsetMs = 0, range } = reading
  const shifted = { from: range.from - offsetMs, to: range.to - offsetMs }
  const chosen = await chooseSource(query, context, shifted, reading)
  const reader = new EventReader(query, context, shifted, reading, chosen)
  const overTime = query.kind === 'time_series'
  const like = reading.like && likeOf(reading.like)
  const { groups, rows, cached } = overTime ? await reader.series(like) : await reader.totals(like)
  const buckets = overTime ? bucketsOf(range, reading.stepSeconds) : [range.from]
  const source = chosen.sourceOf(new Parameters())
  const length = overTime ? reading.stepSeconds : rangeSeconds(range)
  const now = (reading.now ?? Date.now()) + offsetMs
  const seconds = buckets.map((at) => coveredSeconds(at, length, range, now))
  return {
    buckets,
    groups: groupsOf(rows, source, groups, buckets, seconds, offsetMs),
    values: valueColumns(query, source),
    truncated: groups.more,
    source: source.name(shifted),
    cached,
  }
}

async function chooseSource(
  query: PlannedQuery,
  context: QueryContext,
  range: TimeRange,
  { stepSeconds, rollups }: Reading,
): Promise<{ sourceOf: SourceOf; precise: boolean }> {
  const rollup = fittingRollup(query, stepSeconds)
  if (rollup) {
    const read = await rollupsFor(query, context, range, stepSeconds, rollups)
    return { sourceOf: (parameters) => redEvents(query, rollup, context, parameters, read), precise: false }
  }
  const minutes = rollups && countsResponse(query, stepSeconds) ? await countedMinutes(context, range) : undefined
  if (minutes) {
    return { sourceOf: (parameters) => logCountEvents(query, context, parameters, minutes), precise: true }
  }
  const sketchable = query.aggregates.some(({ name }) => name === 'percentile' || name === 'uniq')
  if (!sketchable) return { sourceOf: (parameters) => rawEvents(query, context, parameters, true), precise: true }
  const parameters = new Parameters()
  const sql = `SELECT count() FROM (${rawEvents(query, context, parameters, true).rows(range)})`
  const question = { sql, params: parameters.params, signal: context.signal }
  const precise = (await estimateRows(context.reader, question)) <= maxPreciseRows
  return { sourceOf: (each) => rawEvents(query, context, each, precise), precise }
}

/** Without rollups the spans answer as the rollup would: its buckets of durations, too. */
export async function rollupsFor(
  query: PlannedQuery,
  context: QueryContext,
  range: TimeRange,
  stepSeconds: number,
  rollups: boolean,
): Promise<RedRollups> {
  if (!rollups) return 'spans'
  if (!stepsAreWhole(query, stepSeconds, 3600)) return { hours: undefined }
  return { hours: await currentRedHours(context, { from: range.from / 1000, to: range.to / 1000 }) }
}

/** The groups of another window. */
function likeOf(groups: readonly Group[]): ChosenGroups {
  const own = groups.filter(({ other }) => !other)
  const more = groups.some(({ other }) => other)
  const ungrouped = own.length > 0 && own[0]!.keys.length === 0
  return { keys: ungrouped ? undefined : own.map(({ keys }) => keys), more, narrowed: !ungrouped }
}

function groupsOf(
  rows: readonly EventRow[],
  { values }: RowSource,
  chosen: ChosenGroups,
  buckets: readonly number[],
  seconds: readonly number[],
  offsetMs: number,
): Group[] {
  const placeOf = new Map(buckets.map((at, index) => [at, index]))
  const grouped = chosen.keys !== undefined
  const isOther = ({ keys }: EventRow) => grouped && keys.length === 0
  const found = new Map<string, Group & { values: (number | null)[][] }>()
  const add = (keys: readonly string[], other: boolean) => {
    const group = { keys, other, values: values.map(({ empty }) => buckets.map((): number | null => empty)) }
    found.set(identity(keys, other), group)
    return group
  }
  for (const keys of chosen.keys ?? [[]]) add(keys, false)
  for (const row of rows) {
    const other = isOther(row)
    const group = found.get(identity(row.keys, other)) ?? add(row.keys, other)
    const place = row.bucket === undefined ? 0 : placeOf.get(Number(row.bucket) + offsetMs)
    if (place === undefined) continue
    for (const [index, { perSecond }] of values.entries()) {
      const value = finite(row[`v${index}`])
      group.values[index]![place] = value !== null && perSecond ? value / seconds[place]! : value
    }
  }
  return [...found.values()]
}

function valueColumns(query: PlannedQuery, { values }: RowSource): ValueColumn[] {
  return values.map(({ empty, unit, approximate }, index) => ({
    name: values.length === 1 ? 'value' : query.aggregates[index]!.text,
    type: 'number',
    role: 'value',
    empty,
    ...(unit !== undefined && { unit }),
    ...(approximate && { approximate }),
  }))
}
