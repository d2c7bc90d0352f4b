import type { Engine } from '../engine/engine.ts'
import { EngineError } from '../engine/error.ts'
import { type CanonicalRow, canonicalQuery, canonicalSql, refused } from '../sql/canonical-query.ts'
import { vetReadOnly } from '../sql/read-only.ts'
import { parseStatement } from '../sql/statement.ts'
import { defaultFormat, isStreamable } from './formats.ts'
import type { QueryRequest } from './query-request.ts'
import type { QueryText } from './query-text.ts'

/** What clients put behind a statement. If it is not that, the rest cannot be parsed. */
const formatClause = /\s+FORMAT (\w+)\s*$/
/** With it, a statement is parsed and not run, so that it may be anything that a SELECT can be. */
const explain = 'EXPLAIN AST '

/**
 * What runs for the user `guest`, in the format that becomes the request's: the statement that the engine's parser made of the text, which has to be one SELECT, or the
 * EXPLAIN AST of it. Vetting of a person's text by whoever sends it is not relied on here.
 * @throws EngineError code 164 or 497 on anything else, and the engine's own on what it cannot parse
 */
export async function guestQuery(engine: Engine, request: QueryRequest, { sql }: QueryText): Promise<QueryText> {
  const whole = sql.toString().replace(formatClause, '')
  const format = formatClause.exec(sql.toString())?.[1] ?? request.defaultFormat ?? defaultFormat
  const explained = whole.startsWith(explain)
  request.defaultFormat = format
  const canonical = await canonicalOf(engine, explained ? whole.slice(explain.length) : whole)
  const bytes = Buffer.from((explained ? explain : '') + canonical)
  const text = bytes.toString('latin1')
  const statement = parseStatement(text)
  // The engine would start a program for it, and wait for that for two minutes.
  if (/\bsystem`?\.`?models\b/i.test(canonical)) throw refused('the table system.models is not allowed')
  if (explained) return { statement, sql: bytes, text, data: undefined }
  vetReadOnly(statement, text)
  // A SELECT in such a format goes through a call of the library that takes one SELECT and nothing else.
  if (!isStreamable(format)) {
    throw new EngineError(73, 'UNKNOWN_FORMAT', 'The answer to this user is one of the formats that are streamed')
  }
  return { statement, sql: bytes, text, data: undefined }
}

async function canonicalOf(engine: Engine, text: string): Promise<string> {
  const state = { database: undefined, settings: new Map(), role: 'guest', readonly: '1' } as const
  let row = ''
  await engine.withConnection(state, true, async (connection) => {
    row = await connection.read(canonicalSql, 'JSONEachRow', new Map([['text', parameterOf(text)]]))
  })
  return canonicalQuery(JSON.parse(row) as CanonicalRow)
}

/** The value of a parameter, as TabSeparated escapes it. */
function parameterOf(text: string): string {
  return text.replace(/[\\\t\n\r\0]/g, (character) => escapes[character]!)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }
