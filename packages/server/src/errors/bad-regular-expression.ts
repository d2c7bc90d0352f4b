import { ClickHouseError } from '@clickhouse/client'

export const badRegularExpression = 'a regular expression is not valid (RE2)'

/** ClickHouse's CANNOT_COMPILE_REGEXP: only the engine knows what its RE2 takes. */
export function isBadRegularExpression(error: unknown): boolean {
  return error instanceof ClickHouseError && error.code === '427'
}
