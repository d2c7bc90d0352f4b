import { EngineError } from '@burstlet/chdb-server/engine/error'
import { ClickHouseError } from '@clickhouse/client'
import { ApiError } from '../../http/errors/api-error.ts'
import { readableTables } from './tables.ts'

/** ClickHouse's ACCESS_DENIED and READONLY: not a mistake of the text, but more than it may do. */
const denied = new Set(['497', '164'])

/** What `run` gives. Faults of a person's statement are told in the engine's words. */
export async function blameSql<Result>(query: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof EngineError) throw refusal(query, String(error.code), error.message)
    if (error instanceof ClickHouseError) throw refusal(query, error.code, error.message)
    throw error
  }
}

function refusal(query: string, code: string, text: string): ApiError {
  const message = text
    .replace(/\s*\(version [^)]*\)\s*$/, '')
    .replace(/^Code: \d+\. DB::Exception: /, '')
    // What the engine was in the middle of; to whom it is told, that is the statement, or none of theirs.
    .replace(/: In scope [\s\S]*$/, '')
    .trim()
    .slice(0, 1000)
  if (denied.has(code)) return forbidden(query, message)
  const position = /failed at position (\d+)/.exec(message)?.[1]
  const column = position === undefined ? columnOf(query, message) : columnOfByte(query, Number(position))
  const shown = position === undefined ? message : message.replace(`position ${position}`, `position ${column}`)
  const hint = /Maybe you meant: (\[[^\]]*\])/.exec(message)?.[1]
  return new ApiError('VALIDATION_ERROR', `query: ${shown}`, [
    {
      path: 'query',
      message: shown,
      ...(column !== undefined && { column }),
      ...(hint !== undefined && { hint: `Maybe ${hint}` }),
    },
  ])
}

/**
 * Our own refusals name what is refused. The engine's would name grants and users, and come after ours, so that who gets to one has
 * asked for something that nobody foresaw: it is told that much.
 */
function forbidden(query: string, message: string): ApiError {
  const shown = /^This query may not run: /.test(message) ? message : 'This query may not run: the engine refuses it'
  return new ApiError('FORBIDDEN', shown, [{ path: 'query', message: shown, ...placeOf(query, shown) }])
}

/** The engine counts bytes from 1, people characters. */
function columnOfByte(query: string, position: number): number {
  return (
    Buffer.from(query)
      .subarray(0, position - 1)
      .toString().length + 1
  )
}

/** Where what may not be used stands, and what may be used instead. */
function placeOf(query: string, message: string): { column?: number; hint?: string } {
  const [, kind, name] = /: the (function|table) (\S+)/.exec(message) ?? []
  const at = name === undefined ? -1 : query.toLowerCase().indexOf(name.replace(/^.*\./, '').toLowerCase())
  return {
    ...(at >= 0 && { column: at + 1 }),
    ...(kind === 'table' && { hint: `There are ${[...readableTables.keys()].join(', ')}` }),
  }
}

/** Where a name stands that the engine does not know. */
function columnOf(query: string, message: string): number | undefined {
  const name = /(?:identifier|function with name|table expression identifier) [`'](?:\w+\.)?([^`']+)[`']/i.exec(
    message,
  )?.[1]
  const at = name === undefined ? -1 : query.indexOf(name)
  return at < 0 ? undefined : at + 1
}
