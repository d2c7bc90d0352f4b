import type { Parameters } from '../../querying/statements/parameters.ts'
import type { PlannedQuery } from './plan.ts'

/** Which groups a question is about. */
export interface ChosenGroups {
  /** In the order asked for; undefined when there is nothing to group by. */
  readonly keys: readonly (readonly string[])[] | undefined
  /** Whether there are others. */
  readonly more: boolean
  /** Only these groups are asked for, though there may be others. */
  readonly narrowed: boolean
}

/** The values of one group, in one bucket or over the whole range. */
export type EventRow = Readonly<Record<`v${number}`, unknown>> & {
  readonly bucket?: string
  readonly keys: string[]
}

/** What every statement is made of. */
export interface StatementParts {
  /** The aggregates, as `v0…`. */
  readonly values: string
  /** The subquery that they are computed from. */
  readonly rows: string
  readonly parameters: Parameters
}

/** The groups of the whole range with their values, in the order asked for, one more than the limit. */
export function largestSql(query: PlannedQuery, { values, rows, parameters }: StatementParts): string {
  const { groupBy, order, limit } = query
  const keys = keysOf(query)
  const by = typeof order.by === 'number' ? `v${order.by}` : `k${groupBy.indexOf(order.by)}`
  const direction = order.descending ? 'DESC' : 'ASC'
  // ChosenGroups without a value come last, whichever way.
  const last = typeof order.by === 'number' ? `isNull(${by}) OR isNaN(toFloat64(${by})), ` : ''
  return `
SELECT [${keys}] AS keys, ${values}
FROM (${rows})
GROUP BY ${keys}
ORDER BY ${last}${by} ${direction}, ${keys}
LIMIT ${parameters.value('UInt32', limit + 1)}`
}

/** By group and bucket, and by group over the whole range (bucket 0). */
export function seriesAndTotalsSql(
  query: PlannedQuery,
  stepSeconds: number,
  { values, rows, parameters }: StatementParts,
): string {
  const keys = keysOf(query)
  const step = parameters.value('Int64', stepSeconds * 1000)
  return `
SELECT toString(begin) AS bucket, [${keys}] AS keys, ${values}
FROM (SELECT *, intDiv(at, ${step}) * ${step} AS begin FROM (${rows}))
GROUP BY GROUPING SETS ((${keys}), (${keys}, begin))`
}

/** By group and bucket. */
export function seriesSql(
  query: PlannedQuery,
  stepSeconds: number,
  groups: ChosenGroups,
  { values, rows, parameters }: StatementParts,
): string {
  const step = parameters.value('Int64', stepSeconds * 1000)
  const { select, where } = grouped(query, groups, parameters)
  return `
SELECT toString(intDiv(at, ${step}) * ${step}) AS bucket, ${select} AS keys, ${values}
FROM (${rows})${where}
GROUP BY bucket, keys`
}

/** By group over the whole range. */
export function totalsSql(
  query: PlannedQuery,
  groups: ChosenGroups,
  { values, rows, parameters }: StatementParts,
): string {
  const { select, where } = grouped(query, groups, parameters)
  return `SELECT ${select} AS keys, ${values} FROM (${rows})${where} GROUP BY keys`
}

/** All groups but these, as one. */
export function otherSql(
  query: PlannedQuery,
  groups: ChosenGroups,
  { values, rows, parameters }: StatementParts,
): string {
  return `SELECT ${noKeys} AS keys, ${values} FROM (${rows})
WHERE NOT (${isOneOf(query, groups.keys, parameters)}) GROUP BY keys`
}

const noKeys = "CAST([], 'Array(String)')"

/** The keys of a row's group, and the condition that leaves out what is not asked for. */
function grouped(
  query: PlannedQuery,
  { keys, more, narrowed }: ChosenGroups,
  parameters: Parameters,
): { select: string; where: string } {
  if (keys === undefined) return { select: noKeys, where: '' }
  const own = `[${keysOf(query)}]`
  const kept = isOneOf(query, keys, parameters)
  if (!more && !narrowed) return { select: own, where: '' }
  if (!(more && query.other)) return { select: own, where: `\nWHERE ${kept}` }
  return { select: `if(${kept}, ${own}, ${noKeys})`, where: '' }
}

function isOneOf(query: PlannedQuery, keys: ChosenGroups['keys'], parameters: Parameters): string {
  return `[${keysOf(query)}] IN (SELECT arrayJoin(${parameters.value('Array(Array(String))', keys)}))`
}

function keysOf({ groupBy }: PlannedQuery): string {
  return groupBy.map((_, index) => `k${index}`).join(', ')
}
