import { parseStrictly } from './faults.ts'
import { type Field, FilterError } from './filter.ts'
import { parser } from './generated/aggregate.parser.ts'
import { didYouMean } from './suggest.ts'

const strict = parser.configure({ strict: true })

/** What is computed of a group. A percentile has `percent` (0 to 100) and the name `percentile`. */
export interface Aggregate {
  readonly name: AggregateName
  readonly percent?: number
  readonly field?: Field
}

export const aggregateNames = [
  'count',
  'rate',
  'sum',
  'avg',
  'min',
  'max',
  'uniq',
  'error_rate',
  'last',
  'increase',
  'percentile',
] as const
export type AggregateName = (typeof aggregateNames)[number]

const writtenNames = [...aggregateNames.filter((name) => name !== 'percentile'), 'p50', 'p90', 'p95', 'p99']
const percentile = /^p(100|\d{1,2}(?:\.\d{1,3})?)$/

/**
 * Reads an aggregate: `count`, `rate`, `error_rate`, `p95(duration)`, `avg(FIELD)`, `uniq(FIELD)`.
 * @throws FilterError with the column of the fault
 */
export function parseAggregate(text: string): Aggregate {
  const node = parseStrictly(strict, text, 'aggregate')
  const nameNode = node.getChild('Name')!
  const written = text.slice(nameNode.from, nameNode.to).toLowerCase()
  const fieldNode = node.getChild('Field') ?? node.getChild('QuotedField')
  const slice = fieldNode && text.slice(fieldNode.from, fieldNode.to)
  const field = fieldNode && {
    name: fieldNode.name === 'QuotedField' ? slice!.slice(1, -1) : slice!,
    column: fieldNode.from + 1,
  }
  return { ...functionOf(written, nameNode.from + 1), ...(field && { field }) }
}

function functionOf(written: string, column: number): Pick<Aggregate, 'name' | 'percent'> {
  const percent = percentile.exec(written)?.[1]
  if (percent !== undefined) return { name: 'percentile', percent: Number(percent) }
  const name = aggregateNames.find((each) => each === written && each !== 'percentile')
  if (name) return { name }
  const hint = didYouMean(written, writtenNames) ?? `There are ${writtenNames.join(', ')}`
  throw new FilterError(`There is no aggregate ${written.slice(0, 40)}`, column, hint)
}
