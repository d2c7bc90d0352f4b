import { type ClickHouseClient, ClickHouseError, type ClickHouseSettings } from '@clickhouse/client'
import { allSpaces, mustNameTables, type ReadSpace, spaceFilter } from './space-filter.ts'

/** What every query feature asks ClickHouse through: read-only, bounded in time, memory and rows, and to the rows of a space. */
export interface ClickhouseReader {
  /**
   * Answers the rows of one SELECT, 64-bit integers and NaN/infinities as strings (JSON numbers would lose them).
   * Rows as JSON has them; a map is a list of its keys and values.
   * @param q.sql the statement without FORMAT; values stand in it as `{name:Type}` only
   * @param q.params values of those, by name
   * @param q.signal ends the query in the engine too when it aborts
   * @throws QueryLimitError when a bound was reached; ClickhouseUnavailableError when the engine cannot be asked
   */
  query<Row>(q: ReadQuery): Promise<Row[]>
  /** The same, with the columns, and rows as arrays in their order. */
  table(q: ReadQuery): Promise<Table>
  /** The lines of an EXPLAIN, escaped as in TabSeparated: of no other format does EXPLAIN AST take note. */
  lines(q: ReadQuery): Promise<string>
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

export interface ReadQuery {
  readonly sql: string
  readonly params?: Record<string, unknown>
  /** Whose rows it reads, whatever it says; see {@link readerOf}. Without it nothing is read. */
  readonly space?: ReadSpace
  /** What rows have to meet besides, by table: SQL of this program, without values of a person. */
  readonly conditions?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** As whom it runs: `guest` for SQL that a person wrote, even where it has been vetted. */
  readonly user?: 'reader' | 'guest'
  /**
   * What tells how much the statement may read: the tables that it names (the default), nothing since a person wrote it,
   * or that it reads little whatever is asked.
   */
  readonly reads?: 'tables' | 'unknown' | 'little'
  /**
   * Rows that it may read. The engine knows from its indexes, before it reads, that it would be more; it throws a
   * {@link TooManyRowsError} then.
   */
  readonly maxRows?: number
  /** Of ClickHouse, beyond those that every statement has. */
  readonly settings?: ClickHouseSettings
  /** Told what the statement read, once it is answered. */
  readonly onRead?: (read: { rowsRead: number; bytesRead: number }) => void
}

/** A bound on time, memory or rows was reached; the message says which and how to narrow the question. */
export class QueryLimitError extends Error {
  override readonly name: string = 'QueryLimitError'
}

/** A statement would read more rows than it may. */
export class TooManyRowsError extends QueryLimitError {}

/** The engine is away or starting; the same request may succeed a moment later. */
export class ClickhouseUnavailableError extends Error {
  override readonly name = 'ClickhouseUnavailableError'
}

/** Whom it asks as. */
export interface Readers {
  readonly reader: ClickHouseClient
  readonly guest: ClickHouseClient
}

export interface ReadLimits {
  readonly seconds: number
  readonly memoryBytes: number
  readonly resultRows: number
}

export const defaultReadLimits: ReadLimits = {
  seconds: 10,
  memoryBytes: 1_000_000_000,
  resultRows: 1_000_000,
}

/** Beyond its own limit, for the engine to notice that it is reached, and for the way of the answer. */
const patienceMs = 2000

/** A map as `[[key, value], …]`. */
const mapsAsEntries = {
  output_format_json_map_as_array_of_tuples: 1,
  output_format_json_named_tuples_as_objects: 0,
} as const

/**
 * @param clients of the moment (the embedded engine comes back at a new address after a crash)
 */
export function createReader(clients: Readers, limits: ReadLimits = defaultReadLimits): ClickhouseReader {
  const ask = async <Answer>(
    format: 'JSONEachRow' | 'JSONCompactEachRowWithNamesAndTypes' | 'TabSeparated',
    { sql, params = {}, space, conditions, signal, user = 'reader', maxRows, settings, onRead }: ReadQuery,
  ): Promise<Answer> => {
    if (space === undefined) throw new Error('a statement has to say whose rows it reads')
    const filter = space === allSpaces ? undefined : spaceFilter(space, conditions)
    // What a person wrote has been vetted, and may have such a word in quotes.
    if (filter !== undefined && user === 'reader') mustNameTables(sql)
    // The engine keeps to its limit by itself, if it does anything at all.
    const late = AbortSignal.timeout(limits.seconds * 1000 + patienceMs)
    try {
      const result = await clients[user].query({
        query: sql,
        format,
        query_params: params,
        abort_signal: signal ? AbortSignal.any([signal, late]) : late,
        clickhouse_settings: {
          // Changes nothing, and may set what follows; the embedded engine's user cannot do more anyway.
          readonly: '2',
          max_execution_time: limits.seconds,
          max_memory_usage: String(limits.memoryBytes),
          max_result_rows: String(limits.resultRows),
          result_overflow_mode: 'throw',
          output_format_json_quote_64bit_integers: 1,
          output_format_json_quote_denormals: 1,
          output_format_json_quote_64bit_floats: 0,
          // V8's JSON.parse (Node 24) takes some names that are written with an escape for others: slashes need none, and keys of
          // attributes are no names.
          output_format_json_escape_forward_slashes: 0,
          ...(format === 'JSONEachRow' && mapsAsEntries),
          // What was read is known at the end only; rows are bounded, so that the answer may wait for it.
          ...(onRead && { wait_end_of_query: 1 }),
          ...(maxRows !== undefined && { max_rows_to_read: String(maxRows) }),
          ...settings,
          // The client knows this setting as a map; the engine takes the text of one.
          ...(filter !== undefined && { additional_table_filters: filter as never }),
        },
      })
      onRead?.(readSummary(result.response_headers['x-clickhouse-summary']))
      return (format === 'TabSeparated' ? await result.text() : await result.json<Answer>()) as Answer
    } catch (error) {
      if (late.aborted && !signal?.aborted) {
        throw new ClickhouseUnavailableError('ClickHouse does not answer.', { cause: error })
      }
      throw describe(error, limits)
    }
  }
  return {
    query: <Row>(q: ReadQuery) => ask<Row[]>('JSONEachRow', q),
    lines: (q) => ask<string>('TabSeparated', q),
    async table(q) {
      const [names = [], types = [], ...rows] = await ask<Table['rows']>('JSONCompactEachRowWithNamesAndTypes', q)
      return { columns: names.map((name, at) => ({ name: String(name), type: String(types[at]) })), rows }
    },
  }
}

/**
 * A reader of the rows of one space, or of all: what a statement reads is decided here and not in its text.
 * @throws Error at a statement that says another
 */
export function readerOf(reader: ClickhouseReader, space: ReadSpace): ClickhouseReader {
  const ofSpace = (q: ReadQuery): ReadQuery => {
    if (q.space !== undefined && q.space !== space) throw new Error('a statement about another space')
    return { ...q, space }
  }
  return {
    query: <Row>(q: ReadQuery) => reader.query<Row>(ofSpace(q)),
    table: (q) => reader.table(ofSpace(q)),
    lines: (q) => reader.lines(ofSpace(q)),
  }
}

function readSummary(header: string | string[] | undefined): { rowsRead: number; bytesRead: number } {
  const summary = JSON.parse([header ?? '{}'].flat()[0]!) as { read_rows?: string; read_bytes?: string }
  return { rowsRead: Number(summary.read_rows ?? 0), bytesRead: Number(summary.read_bytes ?? 0) }
}

/** ClickHouse error codes: 158 too many rows, 159 timeout, 160 too slow, 241 memory, 396 too many result rows or bytes. */
function describe(error: unknown, limits: ReadLimits): unknown {
  if (error instanceof ClickHouseError) {
    const narrow = 'Choose a shorter time range or a narrower filter.'
    if (error.code === '159' || error.code === '160') {
      return new QueryLimitError(`The query was stopped after ${limits.seconds} s. ${narrow}`, { cause: error })
    }
    if (error.code === '241') {
      const megabytes = Math.round(limits.memoryBytes / 1e6)
      return new QueryLimitError(`The query needs more than ${megabytes} MB of memory. ${narrow}`, { cause: error })
    }
    if (error.code === '158' && /rows or bytes to read|max_rows_to_read/.test(error.message)) {
      return new TooManyRowsError(`The query reads too many rows. ${narrow}`, { cause: error })
    }
    if (error.code === '396' || error.code === '158') {
      return new QueryLimitError(`The query has more than ${limits.resultRows} rows. ${narrow}`, { cause: error })
    }
    // TOO_MANY_SIMULTANEOUS_QUERIES: a moment later there is room.
    if (error.code === '202') {
      return new ClickhouseUnavailableError('ClickHouse has more questions than it can answer.', { cause: error })
    }
    return error
  }
  return isConnectionError(error)
    ? new ClickhouseUnavailableError('ClickHouse cannot be reached.', { cause: error })
    : error
}

/** Whether the request never reached the engine, or its answer was lost on the way. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof ClickhouseUnavailableError) return true
  const code = 'code' in error ? String(error.code) : ''
  return /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|UND_)/.test(code) || /socket hang up|Timeout error/.test(error.message)
}
