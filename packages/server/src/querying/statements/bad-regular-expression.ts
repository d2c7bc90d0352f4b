import type { ProblemError } from '@burstlet/contract/errors'
import type { Filter, Value } from '@burstlet/query-language/filter'
import { ClickHouseError } from '@clickhouse/client'

const message = 'a regular expression is not valid (RE2)'

/** ClickHouse's CANNOT_COMPILE_REGEXP: only the engine knows what its RE2 takes. */
export function isBadRegularExpression(error: unknown): error is ClickHouseError {
  return error instanceof ClickHouseError && error.code === '427'
}

/** Tells which expression of a filter the engine refused, and why, as far as it says. @param path of the filter */
export function badRegularExpression(path: string, error: ClickHouseError, filter: Filter | undefined): ProblemError {
  const [, pattern, reason] = /cannot compile re2: ([\s\S]*), error: ([\s\S]*?)\. Look at/.exec(error.message) ?? []
  const value = filter && expressionsIn(filter).find(({ text }) => text === pattern)
  return {
    path,
    message: value ? `${message} (column ${value.column})` : message,
    ...(value && { column: value.column }),
    ...(reason !== undefined && { hint: `RE2 says: ${reason}` }),
  }
}

function expressionsIn(filter: Filter): Value[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.operands.flatMap(expressionsIn)
    case 'not':
    case 'some':
      return expressionsIn(filter.operand)
    case 'regexp':
      return [filter.value]
    default:
      return []
  }
}
