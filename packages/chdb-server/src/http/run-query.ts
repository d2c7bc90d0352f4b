import type { ServerResponse } from 'node:http'
import type { Role } from '../engine/config-file.ts'
import type { Connection, Piece } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { EngineError } from '../engine/error.ts'
import type { Lanes } from '../engine/lanes.ts'
import { readSettings } from '../engine/priority.ts'
import type { SessionState } from '../engine/sessions.ts'
import type { Statement } from '../sql/statement.ts'
import type { Answer } from './answer.ts'
import { contentType, defaultFormat, headerLines, isStreamable } from './formats.ts'
import type { QueryRequest } from './query-request.ts'
import type { QueryText } from './query-text.ts'
import type { Summary } from './summary.ts'

export interface Query {
  request: QueryRequest
  text: QueryText
  role: Role
  settings: ReadonlyMap<string, string>
  /** Aborted when the client goes away. */
  signal: AbortSignal
}

/** Milliseconds. */
const cancelAgain = 250

/**
 * Runs one statement on a connection that nobody else uses, in a lane of its kind, and writes its output to `answer`.
 * Stops the statement when `signal` is aborted; returns only when the engine is done with it.
 */
export async function runQuery(
  engine: Engine,
  query: Query,
  response: ServerResponse,
  answer: Answer,
  summary: Summary,
): Promise<void> {
  const release = await lanesOf(engine, query).acquire(query.signal)
  try {
    await engine.withConnection(sessionOf(query), isRead(query.text.statement), (connection) =>
      runCancellable(engine, connection, query, response, answer, summary),
    )
  } finally {
    release()
  }
}

function lanesOf(engine: Engine, { role, text: { statement } }: Query): Lanes {
  if (statement.kind === 'kill') return engine.kills
  // What it only asks about takes no time.
  if (role === 'guest' && statement.kind === 'select') return engine.guests
  return isRead(statement) ? engine.reads : engine.writes
}

function isRead({ kind }: Statement): boolean {
  return kind === 'select' || kind === 'read'
}

function sessionOf({ request, settings, role, text: { statement } }: Query): SessionState {
  const given = [...settings].filter(([name]) => name !== 'readonly')
  return {
    database: request.database,
    settings: new Map([...(isRead(statement) ? readSettings : []), ...given]),
    role,
    readonly: role === 'writer' ? settings.get('readonly') : '1',
  }
}

async function runCancellable(
  engine: Engine,
  connection: Connection,
  query: Query,
  response: ServerResponse,
  answer: Answer,
  summary: Summary,
): Promise<void> {
  const { queryId } = query.request
  const tag = engine.register(queryId)
  let again: NodeJS.Timeout | undefined
  const cancel = () => {
    void engine.cancel(tag)
    // The engine may not have known the statement yet.
    again ??= setInterval(cancel, cancelAgain)
  }
  query.signal.addEventListener('abort', cancel, { once: true })
  try {
    query.signal.throwIfAborted()
    const sql = Buffer.concat([Buffer.from(tag), statementText(engine, query.text)])
    if (query.text.data !== undefined) await runInsert(connection, sql, query, query.text.data, summary)
    else await runOutput(connection, sql, query, response, answer, summary)
  } catch (error) {
    throw error instanceof EngineError ? error.shiftPosition(tag.length) : error
  } finally {
    engine.unregister(queryId)
    query.signal.removeEventListener('abort', cancel)
    clearInterval(again)
  }
}

/** KILL names a query by the id that the client chose, which only this server knows. */
function statementText(engine: Engine, { statement, sql, text }: QueryText): Buffer {
  if (statement.kind !== 'kill') return sql
  const named = text.replace(/\bquery_id\s*=\s*'([^'\\]*)'/g, (condition, queryId: string) => {
    const tag = engine.tagOf(queryId)
    return tag === undefined ? condition : `startsWith(query, '${tag}')`
  })
  return Buffer.from(named, 'latin1')
}

async function runInsert(
  connection: Connection,
  sql: Buffer,
  { request, text }: Query,
  data: AsyncIterable<Buffer>,
  summary: Summary,
): Promise<void> {
  const named = text.statement.kind === 'insert' ? text.statement.format : undefined
  const statistics = await connection.insert(sql, named ?? request.defaultFormat ?? 'Values', data, request.params)
  // What was written was read from the client, as ClickHouse counts it.
  summary.add({ ...statistics, readRows: statistics.writtenRows, readBytes: statistics.writtenBytes })
}

async function runOutput(
  connection: Connection,
  sql: Buffer,
  { request, text, settings, signal }: Query,
  response: ServerResponse,
  answer: Answer,
  summary: Summary,
): Promise<void> {
  const { statement } = text
  const named = statement.kind === 'select' || statement.kind === 'read' ? statement.format : undefined
  const format = named ?? request.defaultFormat ?? defaultFormat
  const streams =
    statement.kind === 'select' && !statement.wholeDocument && isStreamable(format) && !joinsRows(settings)
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('Content-Type', contentType(format))
  // The text's own clause wins inside the engine, whatever was made of it here.
  const fallback = request.defaultFormat ?? defaultFormat
  const pieces: AsyncGenerator<Piece> = streams
    ? connection.stream(sql, fallback, request.params)
    : connection.execute(sql, fallback, request.params)
  let header = 0
  for await (const piece of pieces) {
    signal.throwIfAborted()
    summary.add(piece.statistics)
    await answer.write(withoutLines(piece.data, header))
    if (streams && piece.data.length > 0) header = headerLines(format)
  }
}

/** Rows of a format with a header hold no line breaks. */
function withoutLines(data: Buffer, lines: number): Buffer {
  let start = 0
  for (let line = 0; line < lines && start < data.length; line++) start = data.indexOf('\n', start) + 1 || data.length
  return data.subarray(start)
}

/** Settings under which a row format becomes one document. */
function joinsRows(settings: ReadonlyMap<string, string>): boolean {
  return settings.has('output_format_json_array_of_rows') || settings.has('extremes')
}
