import type { Parameters } from '../../querying/statements/parameters.ts'
import type { CurrentWindows } from './current-windows.ts'
import type { Rollup } from './rollup.ts'

/** What stands for the values of {@link storedWithin} in its statement; times in seconds since 1970. */
const storedParameters = {
  space: '{space:String}',
  from: '{stored_from:Int64}',
  to: '{stored_to:Int64}',
} as const

/** Rows of a rollup that count. */
export function storedWithin(
  { name, tables }: Rollup,
  table = tables[0]!,
  { space, from, to }: Readonly<Record<keyof typeof storedParameters, string>> = storedParameters,
): string {
  const range = `window_start >= toDateTime64(${from}, 0, 'UTC') AND window_start < toDateTime64(${to}, 0, 'UTC')`
  return `${table}.space = ${space} AND ${range}
    AND (window_start, run) IN (
      SELECT window_start, max(run) FROM rollup_windows
      WHERE space = ${space} AND rollup = '${name}' AND ${range}
      GROUP BY window_start
    )`
}

/** Rows of a rollup that count, of the windows that are up to date. */
export function storedWindows(
  rollup: Rollup,
  table: string,
  { from, to, gaps }: CurrentWindows,
  space: string,
  parameters: Parameters,
): string {
  const stored = storedWithin(rollup, table, {
    space: parameters.value('String', space),
    from: parameters.value('Int64', from),
    to: parameters.value('Int64', to),
  })
  if (gaps.length === 0) return stored
  return `${stored} AND toUnixTimestamp64Second(window_start) NOT IN ${parameters.value('Array(Int64)', gaps)}`
}

/** Times of the sources that the windows of a rollup leave to them. @param column a DateTime64(0) of the sources */
export function besidesWindows(
  column: string,
  { windowSeconds }: Rollup,
  { from, to, gaps }: CurrentWindows,
  parameters: Parameters,
): string {
  const second = (at: number) => `toDateTime64(${parameters.value('Int64', at)}, 0, 'UTC')`
  return [
    `${column} < ${second(from)}`,
    `${column} >= ${second(to)}`,
    ...gaps.map((gap) => `${column} >= ${second(gap)} AND ${column} < ${second(gap + windowSeconds)}`),
  ].join(' OR ')
}
