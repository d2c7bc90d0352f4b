import { estimateRows } from '../clickhouse/estimate.ts'
import { cacheKey } from '../query-guard/query-cache.ts'
import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { bucketsOf, type TimeRange } from '../search/time-range.ts'
import { type Evaluated, finite, type Group, identity, type ValueColumn } from './evaluated.ts'
import { type EventSource, keysOf } from './event-source.ts'
import { KnownBuckets } from './known-buckets.ts'
import type { PlannedQuery } from './plan.ts'
import { rawEvents } from './raw-events.ts'
import { redEvents } from './red-events.ts'
import { fittingRollup } from './rollup-fit.ts'

/** Beyond this many rows, percentiles and distinct values are estimated: exact ones would not fit into memory. */
const mostPreciseRows = 5_000_000

/** How a question is read. */
export interface Reading {
  /** The range that the question is about; with `offsetMs`, it is read that much earlier. */
  readonly range: TimeRange
  readonly stepSeconds: number
  readonly rollups: boolean
  readonly offsetMs?: number
  /** Epoch ms; what times are over depends on it. */
  readonly now?: number
  /** The groups of the window that is compared with, to be read again, instead of the largest of this one. */
  readonly like?: readonly Group[]
}

type Row = Readonly<Record<`v${number}`, unknown>> & {
  readonly bucket?: string
  readonly keys: string[]
  readonly kept?: number
}

/** Makes the source of a statement; each statement has values of its own. */
type SourceOf = (parameters: Parameters) => EventSource

/** Spans and logs by group, over time (`time_series`) or as a whole (`scalar`, `table`). */
export async function readEvents(query: PlannedQuery, scope: Scope, reading: Reading): Promise<Evaluated> {
  const { offsetMs = 0, range } = reading
  const shifted = { from: range.from - offsetMs, to: range.to - offsetMs }
  const { sourceOf, precise } = await chooseSource(query, scope, shifted, reading)
  const statements = new Statements(query, scope, shifted, sourceOf)
  const largest = await chooseGroups(query, statements, reading)
  const overTime = query.kind === 'time_series'
  const known = overTime ? knownBuckets(query, scope, shifted, reading, largest, precise) : undefined
  const rows = known
    ? await known.complete((part) => statements.series(part, reading.stepSeconds, largest))
    : await statements.totals(largest)
  const buckets = overTime ? bucketsOf(range, reading.stepSeconds) : [range.from]
  const source = sourceOf(new Parameters())
  const seconds = overTime
    ? buckets.map((at) => (Math.min(at + reading.stepSeconds * 1000, range.to) - Math.max(at, range.from)) / 1000)
    : [(range.to - range.from) / 1000]
  return {
    buckets,
    groups: groupsOf(rows, source, largest, buckets, seconds, offsetMs),
    values: valueColumns(query, source),
    truncated: largest.more,
    source: source.name(shifted),
    cached: known?.used ?? false,
  }
}

/** The buckets of a question that are known from before, and that it will know. */
function knownBuckets(
  query: PlannedQuery,
  scope: Scope,
  range: TimeRange,
  { stepSeconds, rollups, now }: Reading,
  { keys, more, narrowed }: Largest,
  precise: boolean,
): KnownBuckets<Row> {
  const { signal, filter, aggregates, groupBy, other } = query
  // Which groups a row is put into depends on the others only when some are beyond the limit, or left out.
  const chosen = (more || narrowed) && [keys, more, narrowed]
  const asked = [signal, filter, aggregates.map(({ text }) => text), groupBy, other, chosen, rollups, precise]
  const key = cacheKey('buckets', scope.space, scope.retention, asked, stepSeconds)
  return new KnownBuckets(scope.cache, key, range, stepSeconds, now)
}

async function chooseSource(
  query: PlannedQuery,
  scope: Scope,
  range: TimeRange,
  { stepSeconds, rollups }: Reading,
): Promise<{ sourceOf: SourceOf; precise: boolean }> {
  const rollup = fittingRollup(query, stepSeconds)
  // Without rollups the spans answer as the rollup would: its buckets of durations, too.
  if (rollup) {
    return { sourceOf: (parameters) => redEvents(query, rollup, scope, parameters, rollups), precise: false }
  }
  const sketchable = query.aggregates.some(({ name }) => name === 'percentile' || name === 'uniq')
  if (!sketchable) return { sourceOf: (parameters) => rawEvents(query, scope, parameters, true), precise: true }
  const parameters = new Parameters()
  const sql = `SELECT count() FROM (${rawEvents(query, scope, parameters, true).rows(range)})`
  const precise = (await estimateRows(scope.reader, { sql, params: parameters.params })) <= mostPreciseRows
  return { sourceOf: (each) => rawEvents(query, scope, each, precise), precise }
}

interface Largest {
  /** In the order asked for; undefined when there is nothing to group by. */
  readonly keys: readonly (readonly string[])[] | undefined
  readonly more: boolean
  /** Only these groups are asked for, though there may be others. */
  readonly narrowed: boolean
  readonly rows: readonly Row[]
}

async function chooseGroups(query: PlannedQuery, statements: Statements, { like }: Reading): Promise<Largest> {
  if (query.groupBy.length === 0) return { keys: undefined, more: false, narrowed: false, rows: [] }
  if (like) {
    const keys = like.filter(({ other }) => !other).map(({ keys }) => keys)
    return { keys, more: like.some(({ other }) => other), narrowed: true, rows: [] }
  }
  const rows = await statements.largest()
  const kept = rows.slice(0, query.limit)
  return { keys: kept.map(({ keys }) => keys), more: rows.length > query.limit, narrowed: false, rows: kept }
}

/** The statements that one question is read by. */
class Statements {
  readonly #query: PlannedQuery
  readonly #scope: Scope
  readonly #range: TimeRange
  readonly #sourceOf: SourceOf

  constructor(query: PlannedQuery, scope: Scope, range: TimeRange, sourceOf: SourceOf) {
    this.#query = query
    this.#scope = scope
    this.#range = range
    this.#sourceOf = sourceOf
  }

  /** Groups over the whole range, one more than the limit. */
  largest(): Promise<Row[]> {
    const { groupBy, order, limit } = this.#query
    const keys = keysOf(groupBy)
    const by = typeof order.by === 'number' ? `v${order.by}` : `k${groupBy.indexOf(order.by)}`
    const direction = order.descending ? 'DESC' : 'ASC'
    // Groups without a value come last, whichever way.
    const last = typeof order.by === 'number' ? `isNull(${by}) OR isNaN(toFloat64(${by})), ` : ''
    return this.#read(
      this.#range,
      (values, rows, parameters) => `
SELECT [${keys.join(', ')}] AS keys, ${values}
FROM (${rows})
GROUP BY ${keys.join(', ')}
ORDER BY ${last}${by} ${direction}, ${keys.join(', ')}
LIMIT ${parameters.value('UInt32', limit + 1)}`,
    )
  }

  /** By group and bucket. */
  async series(range: TimeRange, stepSeconds: number, largest: Largest): Promise<Row[]> {
    return this.#read(range, (values, rows, parameters) => {
      const step = parameters.value('Int64', stepSeconds * 1000)
      const { select, where } = this.#grouped(largest, parameters)
      return `
SELECT toString(intDiv(at, ${step}) * ${step}) AS bucket, ${select} AS keys, ${values}
FROM (${rows})${where}
GROUP BY bucket, keys`
    })
  }

  /** By group. The largest were read with their values already. */
  async totals(largest: Largest): Promise<Row[]> {
    if (largest.keys?.length === 0) return []
    if (largest.rows.length > 0 && !(largest.more && this.#query.other)) return [...largest.rows]
    const read = (only: Largest, others: boolean) =>
      this.#read(this.#range, (values, rows, parameters) => {
        const { select, where } = this.#grouped(only, parameters, others)
        return `SELECT ${select} AS keys, ${values} FROM (${rows})${where} GROUP BY keys`
      })
    if (largest.rows.length === 0) return read(largest, false)
    return [...largest.rows, ...(await read(largest, true))]
  }

  /** @param others only what is beyond the largest */
  #grouped(
    { keys, more, narrowed }: Largest,
    parameters: Parameters,
    others = false,
  ): { select: string; where: string } {
    const own = `[${keysOf(this.#query.groupBy).join(', ')}]`
    if (keys === undefined) return { select: "CAST([], 'Array(String)')", where: '' }
    const kept = `${own} IN (SELECT arrayJoin(${parameters.value('Array(Array(String))', keys)}))`
    if (others) return { select: "CAST([], 'Array(String)')", where: `\nWHERE NOT (${kept})` }
    if (!more && !narrowed) return { select: own, where: '' }
    if (!(more && this.#query.other)) return { select: own, where: `\nWHERE ${kept}` }
    return { select: `if(${kept}, ${own}, CAST([], 'Array(String)'))`, where: '' }
  }

  #read(range: TimeRange, statement: (values: string, rows: string, parameters: Parameters) => string): Promise<Row[]> {
    const parameters = new Parameters()
    const source = this.#sourceOf(parameters)
    const values = source.values.map(({ sql }, index) => `${sql} AS v${index}`).join(', ')
    const sql = statement(values, source.rows(range), parameters)
    return this.#scope.reader.query<Row>({ sql, params: parameters.params, signal: this.#scope.signal })
  }
}

function groupsOf(
  rows: readonly Row[],
  { values }: EventSource,
  largest: Largest,
  buckets: readonly number[],
  seconds: readonly number[],
  offsetMs: number,
): Group[] {
  const placeOf = new Map(buckets.map((at, index) => [at, index]))
  const grouped = largest.keys !== undefined
  const isOther = ({ keys }: Row) => grouped && keys.length === 0
  const found = new Map<string, Group & { values: (number | null)[][] }>()
  const add = (keys: readonly string[], other: boolean) => {
    const group = { keys, other, values: values.map(({ empty }) => buckets.map((): number | null => empty)) }
    found.set(identity(keys, other), group)
    return group
  }
  for (const keys of largest.keys ?? [[]]) add(keys, false)
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

function valueColumns(query: PlannedQuery, { values }: EventSource): ValueColumn[] {
  return values.map(({ empty, unit, approximate }, index) => ({
    name: values.length === 1 ? 'value' : query.aggregates[index]!.text,
    type: 'number',
    role: 'value',
    empty,
    ...(unit !== undefined && { unit }),
    ...(approximate && { approximate }),
  }))
}
