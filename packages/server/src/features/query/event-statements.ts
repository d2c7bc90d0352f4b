import { ClickHouseError, type ClickHouseSettings } from '@clickhouse/client'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { QueryLimitError } from '../../storage/clickhouse/reader.ts'
import { type EventSource, keysOf } from './event-source.ts'
import type { PlannedQuery } from './plan.ts'

export type Row = Readonly<Record<`v${number}`, unknown>> & {
  readonly bucket?: string
  readonly keys: string[]
}

/** Makes the source of a statement; each statement has values of its own. */
export type SourceOf = (parameters: Parameters) => EventSource

/** Which groups a question is about. */
export interface Largest {
  /** In the order asked for; undefined when there is nothing to group by. */
  readonly keys: readonly (readonly string[])[] | undefined
  readonly more: boolean
  /** Only these groups are asked for, though there may be others. */
  readonly narrowed: boolean
  readonly rows: readonly Row[]
}

/** The statements that one question is read by. */
export class EventStatements {
  readonly #query: PlannedQuery
  readonly #context: QueryContext
  readonly #range: TimeRange
  readonly #sourceOf: SourceOf

  constructor(query: PlannedQuery, context: QueryContext, range: TimeRange, sourceOf: SourceOf) {
    this.#query = query
    this.#context = context
    this.#range = range
    this.#sourceOf = sourceOf
  }

  /** The groups of the whole range, with their values. */
  async largest(): Promise<Largest> {
    const { groupBy, limit } = this.#query
    if (groupBy.length === 0) return { keys: undefined, more: false, narrowed: false, rows: [] }
    const rows = await this.#ordered()
    const kept = rows.slice(0, limit)
    return { keys: kept.map(({ keys }) => keys), more: rows.length > limit, narrowed: false, rows: kept }
  }

  /** Groups over the whole range, one more than the limit. */
  #ordered(): Promise<Row[]> {
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

  /**
   * By group and bucket, and by group over the whole range (bucket 0), in one statement.
   * @returns undefined when there are far more groups than the limit, which is found out early
   */
  async seriesAndTotals(stepSeconds: number): Promise<Row[] | undefined> {
    const keys = keysOf(this.#query.groupBy)
    const buckets = (this.#range.to - this.#range.from) / 1000 / stepSeconds + 3
    try {
      return await this.#read(
        this.#range,
        (values, rows, parameters) => {
          const step = parameters.value('Int64', stepSeconds * 1000)
          return `
SELECT toString(begin) AS bucket, [${keys.join(', ')}] AS keys, ${values}
FROM (SELECT *, intDiv(at, ${step}) * ${step} AS begin FROM (${rows}))
GROUP BY GROUPING SETS ((${keys.join(', ')}), (${keys.join(', ')}, begin))`
        },
        {
          max_rows_to_group_by: String(Math.ceil((this.#query.limit + 1) * buckets * 1.5)),
          group_by_overflow_mode: 'throw',
        },
      )
    } catch (error) {
      if (error instanceof QueryLimitError && error.cause instanceof ClickHouseError && error.cause.code === '158') {
        return undefined
      }
      throw error
    }
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

  #read(
    range: TimeRange,
    statement: (values: string, rows: string, parameters: Parameters) => string,
    settings: ClickHouseSettings = {},
  ): Promise<Row[]> {
    const parameters = new Parameters()
    const source = this.#sourceOf(parameters)
    const values = source.values.map(({ sql }, index) => `${sql} AS v${index}`).join(', ')
    const sql = statement(values, source.rows(range), parameters)
    return this.#context.reader.query<Row>({ sql, params: parameters.params, settings, signal: this.#context.signal })
  }
}
