import type { AggregateName } from '@burstlet/query-language/aggregate'
import { BucketCache } from '../../querying/cache/bucket-cache.ts'
import { cacheKey } from '../../querying/cache/response-cache.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { finite } from './evaluated.ts'
import type { EventStatements, Largest, Row } from './event-statements.ts'
import { compareGroups } from './order.ts'
import type { PlannedQuery } from './plan.ts'
import type { Reading } from './reading.ts'

/** Aggregates whose total follows from those of the buckets. */
const mergers = new Map<AggregateName, (a: number, b: number) => number>([
  ['count', (a, b) => a + b],
  ['rate', (a, b) => a + b],
  ['sum', (a, b) => a + b],
  ['min', Math.min],
  ['max', Math.max],
])

/** Every group, however many. */
const allGroups: Largest = { keys: [], more: false, narrowed: false, rows: [] }

/** The rows of a question, and the groups that they are of. */
export interface EventRows {
  readonly largest: Largest
  readonly rows: readonly Row[]
  /** Whether a part was known from before. */
  readonly cached: boolean
}

/**
 * The series of one question: which groups, and their rows by bucket. Both are read by one statement where that is
 * possible; only what is beyond the limit, or very many groups, needs a second.
 */
export class EventSeries {
  readonly #query: PlannedQuery
  readonly #context: QueryContext
  readonly #range: TimeRange
  readonly #reading: Reading
  readonly #precise: boolean
  readonly #statements: EventStatements

  constructor(
    query: PlannedQuery,
    context: QueryContext,
    range: TimeRange,
    reading: Reading,
    precise: boolean,
    statements: EventStatements,
  ) {
    this.#query = query
    this.#context = context
    this.#range = range
    this.#reading = reading
    this.#precise = precise
    this.#statements = statements
  }

  /** @param like the groups to read, instead of the largest */
  async read(like?: Largest): Promise<EventRows> {
    if (like || this.#query.groupBy.length === 0) return this.#byBucket(like ?? (await this.#statements.largest()))
    return (await this.#fromKnown()) ?? (await this.#atOnce()) ?? this.#byBucket(await this.#statements.largest())
  }

  /**
   * From buckets that are known of all groups, where totals can be had from those of buckets; undefined when they are
   * not known, or when there are too many groups by now.
   */
  async #fromKnown(): Promise<EventRows | undefined> {
    const { aggregates, limit } = this.#query
    const merges = aggregates.map(({ name }) => mergers.get(name))
    if (!merges.every((merge) => merge !== undefined) || !this.#context.cache?.get(this.#keyOfFew())) return undefined
    const { rows, cached } = await this.#byBucket(allGroups)
    const totals = new Map<string, { keys: string[]; values: (number | null)[] }>()
    for (const row of rows) {
      const id = JSON.stringify(row.keys)
      const total = totals.get(id)
      const values = merges.map((merge, index) => {
        const value = finite(row[`v${index}`])
        const before = total?.values[index] ?? null
        return value === null || before === null ? (value ?? before) : merge(before, value)
      })
      totals.set(id, { keys: row.keys, values })
    }
    return totals.size > limit ? undefined : { largest: this.#ordered([...totals.values()]), rows, cached }
  }

  #ordered(totals: { keys: string[]; values: (number | null)[] }[]): Largest {
    const sorted = totals.sort(compareGroups(this.#query.order, this.#query.groupBy))
    return { ...allGroups, keys: sorted.map(({ keys }) => keys) }
  }

  /** Series and totals by one statement; undefined when there are far more groups than the limit. */
  async #atOnce(): Promise<EventRows | undefined> {
    const { limit, aggregates, other } = this.#query
    const { stepSeconds } = this.#reading
    // A total has the bucket 0, which must not be one of the range.
    if (this.#range.from < stepSeconds * 1000) return undefined
    const read = await this.#statements.seriesAndTotals(stepSeconds)
    const totals = read
      ?.filter(({ bucket }) => bucket === '0')
      .map((row) => ({ keys: row.keys, values: aggregates.map((_, index) => finite(row[`v${index}`])) }))
    if (!read || !totals) return undefined
    const ordered = this.#ordered(totals)
    const rows = read.filter(({ bucket }) => bucket !== '0')
    if (totals.length > limit) {
      const largest: Largest = { ...ordered, keys: ordered.keys!.slice(0, limit), more: true }
      if (other) return this.#byBucket(largest)
      const kept = new Set(largest.keys!.map((keys) => JSON.stringify(keys)))
      return { largest, rows: rows.filter(({ keys }) => kept.has(JSON.stringify(keys))), cached: false }
    }
    if (rows.length > 0) {
      this.#known(allGroups).learn(rows)
      this.#context.cache?.set(this.#keyOfFew(), true, { signals: [], from: 0, to: 0 }, 1)
    }
    return { largest: ordered, rows, cached: false }
  }

  async #byBucket(largest: Largest): Promise<EventRows> {
    const known = this.#known(largest)
    const { stepSeconds } = this.#reading
    const rows = await known.complete((part) => this.#statements.series(part, stepSeconds, largest))
    return { largest, rows, cached: known.used }
  }

  /** Under which it stands that there are no more groups than the limit. */
  #keyOfFew(): string {
    return cacheKey('few', this.#asked(), this.#query.limit)
  }

  #known({ keys, more, narrowed }: Largest): BucketCache<Row> {
    // Which group a row is put into depends on the others only when some are beyond the limit, or left out.
    const chosen = (more || narrowed) && [keys, more, narrowed]
    const { stepSeconds, now } = this.#reading
    return new BucketCache(
      this.#context.cache,
      this.#query.signal,
      cacheKey('buckets', this.#asked(), chosen),
      this.#range,
      stepSeconds,
      now,
    )
  }

  /** Everything that a row depends on, but its time. */
  #asked(): unknown[] {
    const { signal, filter, aggregates, groupBy, other } = this.#query
    const { stepSeconds, rollups } = this.#reading
    const { space, retention } = this.#context
    const computed = aggregates.map(({ text }) => text)
    return [space, retention, signal, filter, computed, groupBy, other, rollups, this.#precise, stepSeconds]
  }
}
