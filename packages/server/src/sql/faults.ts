import { EngineError } from '@burstlet/chdb-server/engine/error'
import { ClickHouseError } from '@clickhouse/client'
import { ApiError } from '../errors/api-error.ts'
import { readableTables } from './tables.ts'

/** ClickHouse's ACCESS_DENIED and READONLY: not a mistake of the text, but more than it may do. */
const denied = new Set(['497', '164'])

/**
 * What `run` gives. Faults of a person's statement are told in the engine's words.
 * @param before how many characters were put before the statement
 */
export async function blameSql<Result>(query: string, before: number, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof EngineError) throw refusal(query, String(error.code), error.message, before)
    if (error instanceof ClickHouseError) throw refusal(query, error.code, error.message, before)
    throw error
  }
}

function refusal(query: string, code: string, text: string, before: number): ApiError {
  const message = text
    .replace(/\s*\(version [^)]*\)\s*$/, '')
    .replace(/^Code: \d+\. DB::Exception: /, '')
    .trim()
    .slice(0, 1000)
  if (denied.has(code))
    return new ApiError('FORBIDDEN', message, [{ path: 'query', message, ...placeOf(query, message) }])
  const position = /failed at position (\d+)/.exec(message)?.[1]
  const told = position === undefined ? columnOf(query, message) : Number(position) - before
  // The format that was asked for follows the statement; who wrote the statement knows nothing of it.
  const beyond = position !== undefined && told !== undefined && told > query.length
  const column = beyond ? query.length + 1 : told
  const shown = beyond
    ? message
        .replace(/failed at position [\s\S]*?(?=Expected one of|$)/, 'the statement ends where more is expected. ')
        .trim()
    : message.replace(`position ${position}`, `position ${column}`)
  const hint = /Maybe you meant: (\[[^\]]*\])/.exec(message)?.[1]
  return new ApiError('VALIDATION_ERROR', `query: ${shown}`, [
    {
      path: 'query',
      message: shown,
      ...(column !== undefined && column > 0 && { column }),
      ...(hint !== undefined && { hint: `Maybe ${hint}` }),
    },
  ])
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
