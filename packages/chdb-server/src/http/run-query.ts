import type { ServerResponse } from 'node:http'
import type { Connection, Piece } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { Lanes } from '../engine/lanes.ts'
import { quotedName, stringLiteral } from '../sql/literal.ts'
import type { Statement } from '../sql/statement.ts'
import type { Answer } from './answer.ts'
import { contentType, DEFAULT_FORMAT, isStreamable } from './formats.ts'
import type { QueryRequest } from './query-request.ts'
import type { QueryText } from './query-text.ts'
import type { Summary } from './summary.ts'

export interface Query {
  request: QueryRequest
  text: QueryText
  readOnly: boolean
  settings: ReadonlyMap<string, string>
  /** Aborted when the client goes away. */
  signal: AbortSignal
}

/** Milliseconds. */
const CANCEL_AGAIN = 250

/**
 * Runs one statement on a connection of its own, in a lane of its kind, and writes its output to `answer`.
 * Stops the statement when `signal` is aborted; returns only when the engine is done with it.
 */
export async function runQuery(
  engine: Engine,
  query: Query,
  response: ServerResponse,
  answer: Answer,
  summary: Summary,
): Promise<void> {
  const release = await lanesOf(engine, query.text.statement).acquire(query.signal)
  try {
    const connection = await engine.connect()
    try {
      await prepare(connection, query)
      await runCancellable(engine, connection, query, response, answer, summary)
    } finally {
      await connection.close()
    }
  } finally {
    release()
  }
}

function lanesOf(engine: Engine, statement: Statement): Lanes {
  if (statement.kind === 'kill') return engine.kills
  return statement.kind === 'select' || statement.kind === 'read' ? engine.reads : engine.writes
}

/** The connection's state: parameters, settings, database. `readonly` comes last, since it locks the rest. */
async function prepare(connection: Connection, { request, settings, readOnly }: Query): Promise<void> {
  const changes = [
    ...[...request.params].map(([name, value]) => `param_${name} = ${stringLiteral(value)}`),
    ...[...settings]
      .filter(([name]) => name !== 'readonly')
      .map(([name, value]) => `${name} = ${stringLiteral(value)}`),
  ]
  if (changes.length > 0) await connection.run(`SET ${changes.join(', ')}`)
  if (request.database !== undefined && request.database !== 'default') {
    await connection.run(`USE ${quotedName(request.database)}`)
  }
  const readonly = readOnly ? '1' : settings.get('readonly')
  if (readonly !== undefined) await connection.run(`SET readonly = ${stringLiteral(readonly)}`)
}

async function runCancellable(
  engine: Engine,
  connection: Connection,
  query: Query,
  response: ServerResponse,
  answer: Answer,
  summary: Summary,
): Promise<void> {
  const tag = engine.tag()
  let again: NodeJS.Timeout | undefined
  const cancel = () => {
    void engine.cancel(tag)
    // The engine may not have known the statement yet.
    again ??= setInterval(cancel, CANCEL_AGAIN)
  }
  query.signal.throwIfAborted()
  query.signal.addEventListener('abort', cancel, { once: true })
  try {
    const sql = Buffer.concat([Buffer.from(tag), query.text.sql])
    if (query.text.data !== undefined) await runInsert(connection, sql, query, query.text.data, summary)
    else await runOutput(connection, sql, query, response, answer, summary)
  } finally {
    query.signal.removeEventListener('abort', cancel)
    clearInterval(again)
  }
}

async function runInsert(
  connection: Connection,
  sql: Buffer,
  { request, text }: Query,
  data: AsyncIterable<Buffer>,
  summary: Summary,
): Promise<void> {
  const named = text.statement.kind === 'insert' ? text.statement.format : undefined
  const statistics = await connection.insert(sql, named ?? request.defaultFormat ?? 'Values', data)
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
  const format = named ?? request.defaultFormat ?? DEFAULT_FORMAT
  const streams =
    statement.kind === 'select' && !statement.wholeDocument && isStreamable(format) && !joinsRows(settings)
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('Content-Type', contentType(format))
  const pieces: AsyncGenerator<Piece> = streams ? connection.stream(sql, format) : connection.execute(sql, format)
  for await (const piece of pieces) {
    signal.throwIfAborted()
    summary.add(piece.statistics)
    await answer.write(piece.data)
  }
}

/** Settings under which a row format becomes one document. */
function joinsRows(settings: ReadonlyMap<string, string>): boolean {
  return settings.has('output_format_json_array_of_rows') || settings.has('extremes')
}
