import { ClickHouseError, type ClickHouseSettings } from '@clickhouse/client'
import { BucketCache } from '../../querying/cache/bucket-cache.ts'
import { cacheKey } from '../../querying/cache/response-cache.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { QueryLimitError } from '../../storage/clickhouse/reader.ts'
import { canMerge, type GroupTotal, totalsOfBuckets } from './bucket-totals.ts'
import { finite } from './evaluated.ts'
import {
  type ChosenGroups,
  type EventRow,
  largestSql,
  otherSql,
  type StatementParts,
  seriesAndTotalsSql,
  seriesSql,
  totalsSql,
} from './event-sql.ts'
import { compareGroups } from './order.ts'
import type { PlannedQuery } from './plan.ts'
import type { Reading } from './reading.ts'
import type { SourceOf } from './row-source.ts'

/** The rows of a question, and the groups that they are of. */
export interface EventRows {
  readonly groups: ChosenGroups
  readonly rows: readonly EventRow[]
  /** Whether a part was known from before. */
  readonly cached: boolean
}

/** Every group, however many. */
const allGroups: ChosenGroups = { keys: [], more: false, narrowed: false }

/**
 * Reads one question about spans or logs: which groups, and their rows. Over time both are read by one statement where that
 * is possible; only what is beyond the limit, or very many groups, needs a second.
 */
export class EventReader {
  readonly #query: PlannedQuery
  readonly #context: QueryContext
  readonly #range: TimeRange
  readonly #reading: Reading
  readonly #sourceOf: SourceOf
  readonly #precise: boolean

  /** @param range that is read, which is earlier than that of `reading` by its offset */
  constructor(
    query: PlannedQuery,
    context: QueryContext,
    range: TimeRange,
    reading: Reading,
    { sourceOf, precise }: { readonly sourceOf: SourceOf; readonly precise: boolean },
  ) {
    this.#query = query
    this.#context = context
    this.#range = range
    this.#reading = reading
    this.#sourceOf = sourceOf
    this.#precise = precise
  }

  /** Reads rows over the whole range. @param like the groups to read, instead of the largest */
  async totals(like?: ChosenGroups): Promise<EventRows> {
    const { groups, rows } = like ? { groups: like, rows: [] } : await this.#largest()
    return { groups, rows: await this.#totalsOf(groups, rows), cached: false }
  }

  /** Reads rows by bucket. @param like the groups to read, instead of the largest */
  async series(like?: ChosenGroups): Promise<EventRows> {
    if (like) return this.#byBucket(like)
    if (this.#query.groupBy.length > 0) {
      const read = (await this.#fromKnown()) ?? (await this.#atOnce())
      if (read) return read
    }
    return this.#byBucket((await this.#largest()).groups)
  }

  async #largest(): Promise<{ groups: ChosenGroups; rows: readonly EventRow[] }> {
    const { groupBy, limit } = this.#query
    if (groupBy.length === 0) return { groups: { ...allGroups, keys: undefined }, rows: [] }
    const found = await this.#run(this.#range, (parts) => largestSql(this.#query, parts))
    const rows = found.slice(0, limit)
    return { groups: { ...allGroups, keys: rows.map(({ keys }) => keys), more: found.length > limit }, rows }
  }

  /** @param found rows of the groups that were read already */
  async #totalsOf(groups: ChosenGroups, found: readonly EventRow[]): Promise<readonly EventRow[]> {
    if (groups.keys?.length === 0) return []
    if (found.length === 0) return this.#run(this.#range, (parts) => totalsSql(this.#query, groups, parts))
    if (!groups.more || !this.#query.other) return found
    return [...found, ...(await this.#run(this.#range, (parts) => otherSql(this.#query, groups, parts)))]
  }

  /**
   * From buckets that are known of all groups, where totals can be had from those of buckets; undefined when they are
   * not known, or when there are too many groups by now.
   */
  async #fromKnown(): Promise<EventRows | undefined> {
    const { aggregates, limit } = this.#query
    if (!canMerge(aggregates) || !this.#context.cache?.get(this.#keyOfFew())) return undefined
    const { rows, cached } = await this.#byBucket(allGroups)
    const totals = totalsOfBuckets(aggregates, rows)
    return totals.length > limit ? undefined : { groups: this.#ordered(totals), rows, cached }
  }

  /** Series and totals by one statement; undefined when there are far more groups than the limit. */
  async #atOnce(): Promise<EventRows | undefined> {
    const { limit, aggregates, other } = this.#query
    // A total has the bucket 0, which must not be one of the range.
    if (this.#range.from < this.#reading.stepSeconds * 1000) return undefined
    const read = await this.#seriesAndTotals()
    if (!read) return undefined
    const totals = read
      .filter(({ bucket }) => bucket === '0')
      .map((row) => ({ keys: row.keys, values: aggregates.map((_, index) => finite(row[`v${index}`])) }))
    const ordered = this.#ordered(totals)
    const rows = read.filter(({ bucket }) => bucket !== '0')
    if (totals.length > limit) {
      const groups: ChosenGroups = { ...ordered, keys: ordered.keys!.slice(0, limit), more: true }
      if (other) return this.#byBucket(groups)
      const kept = new Set(groups.keys!.map((keys) => JSON.stringify(keys)))
      return { groups, rows: rows.filter(({ keys }) => kept.has(JSON.stringify(keys))), cached: false }
    }
    if (rows.length > 0) {
      this.#known(allGroups).learn(rows)
      this.#context.cache?.set(this.#keyOfFew(), true, { signals: [], from: 0, to: 0 }, 1)
    }
    return { groups: ordered, rows, cached: false }
  }

  /** @returns undefined when there are far more groups than the limit, which is found out early */
  async #seriesAndTotals(): Promise<EventRow[] | undefined> {
    const { stepSeconds } = this.#reading
    const buckets = (this.#range.to - this.#range.from) / 1000 / stepSeconds + 3
    const maxRows = Math.ceil((this.#query.limit + 1) * buckets * 1.5)
    try {
      return await this.#run(this.#range, (parts) => seriesAndTotalsSql(this.#query, stepSeconds, parts), {
        max_rows_to_group_by: String(maxRows),
        group_by_overflow_mode: 'throw',
      })
    } catch (error) {
      if (error instanceof QueryLimitError && error.cause instanceof ClickHouseError && error.cause.code === '158') {
        return undefined
      }
      throw error
    }
  }

  #ordered(totals: readonly GroupTotal[]): ChosenGroups {
    const sorted = totals.toSorted(compareGroups(this.#query.order, this.#query.groupBy))
    return { ...allGroups, keys: sorted.map(({ keys }) => keys) }
  }

  async #byBucket(groups: ChosenGroups): Promise<EventRows> {
    const known = this.#known(groups)
    const { stepSeconds } = this.#reading
    const rows = await known.complete((range) =>
      this.#run(range, (parts) => seriesSql(this.#query, stepSeconds, groups, parts)),
    )
    return { groups, rows, cached: known.used }
  }

  /** Under which it stands that there are no more groups than the limit. */
  #keyOfFew(): string {
    return cacheKey('few', this.#asked(), this.#query.limit)
  }

  #known({ keys, more, narrowed }: ChosenGroups): BucketCache<EventRow> {
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

  #run(
    range: TimeRange,
    statement: (parts: StatementParts) => string,
    settings: ClickHouseSettings = {},
  ): Promise<EventRow[]> {
    const parameters = new Parameters()
    const source = this.#sourceOf(parameters)
    const values = source.values.map(({ sql }, index) => `${sql} AS v${index}`).join(', ')
    const sql = statement({ values, rows: source.rows(range), parameters })
    const { reader, signal } = this.#context
    return reader.query<EventRow>({ sql, params: parameters.params, settings, signal })
  }
}
