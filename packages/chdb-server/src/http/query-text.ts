import type { IncomingMessage } from 'node:http'
import { EngineError } from '../engine/error.ts'
import { parseStatement, type Statement } from '../sql/statement.ts'
import { BodyReader, decodedBody } from './body.ts'
import { type QueryRequest, readParameter } from './query-request.ts'

/** A statement and, for an INSERT, its data. */
export interface QueryText {
  statement: Statement
  /** The statement without the data. */
  sql: Buffer
  /** The bytes as text, one character a byte. */
  text: string
  data: AsyncIterable<Buffer> | undefined
}

/** ClickHouse's default; the setting of the same name lifts it. */
const maxQueryBytes = 256 * 1024
const hardMaxQuerySize = 64 * 1024 * 1024

/**
 * Finds the statement in `query=`, in the body, or in both (they are one text), without reading an INSERT's data.
 * Throws code 62 when a statement exceeds `max_query_size`.
 */
export async function readQueryText(request: IncomingMessage, parsed: QueryRequest): Promise<QueryText> {
  const reader = new BodyReader(decodedBody(request))
  const limit = maxQuerySize(parsed.settings)
  if (request.headers['content-type']?.startsWith('multipart/form-data') === true) {
    await readFields(request.headers['content-type'], reader, parsed)
  }
  const fromUrl = Buffer.from(parsed.query)
  if (fromUrl.length > 0) {
    const text = fromUrl.toString('latin1')
    const statement = parseStatement(text)
    if (statement.kind === 'insert') return insertText(statement, text, reader)
  }
  const { start, ended } = await reader.readStart(limit)
  const whole =
    fromUrl.length === 0 ? start : start.length === 0 ? fromUrl : Buffer.concat([fromUrl, Buffer.from('\n'), start])
  const text = whole.toString('latin1')
  const statement = parseStatement(text)
  if (statement.kind === 'insert') return insertText(statement, text, reader)
  if (!ended || whole.length > limit) {
    throw new EngineError(
      62,
      'SYNTAX_ERROR',
      `Max query size exceeded (${limit} bytes): see the setting max_query_size`,
    )
  }
  return { statement, sql: whole, text, data: undefined }
}

function insertText(statement: Statement & { kind: 'insert' }, text: string, reader: BodyReader): QueryText {
  const head = text.slice(0, statement.headEnd)
  const data = Buffer.from(text.slice(statement.dataStart), 'latin1')
  return { statement, sql: Buffer.from(head, 'latin1'), text: head, data: reader.rest(data) }
}

function maxQuerySize(settings: ReadonlyMap<string, string>): number {
  const asked = Number(settings.get('max_query_size'))
  return asked > 0 ? Math.min(asked, hardMaxQuerySize) : maxQueryBytes
}

/** clickhouse-js sends long parameters as fields: `query` and `param_*`. */
async function readFields(type: string, reader: BodyReader, parsed: QueryRequest): Promise<void> {
  const { start, ended } = await reader.readStart(hardMaxQuerySize)
  if (!ended) throw new EngineError(62, 'SYNTAX_ERROR', `A form of more than ${hardMaxQuerySize} bytes is not accepted`)
  let fields: FormData
  try {
    fields = await new Response(new Uint8Array(start), { headers: { 'content-type': type } }).formData()
  } catch {
    throw new EngineError(36, 'BAD_ARGUMENTS', 'The body is not valid multipart/form-data')
  }
  for (const [name, value] of fields) {
    if (typeof value !== 'string') throw new EngineError(48, 'NOT_IMPLEMENTED', 'External tables are not supported')
    if (name !== 'query' && !name.startsWith('param_')) {
      throw new EngineError(36, 'BAD_ARGUMENTS', `Unknown field '${name}' of the form: only query and param_* are read`)
    }
    readParameter(parsed, name, value)
  }
}
