import type { ProblemError } from '@burstlet/contract/errors'
import type { QueryResult } from '@burstlet/contract/query'
import type { Field, Filter } from '@burstlet/query-language/filter'
import { didYouMean } from '@burstlet/query-language/suggest'
import { ownKeys } from '../../querying/fields/own-keys.ts'
import { renamedAttributes } from '../../querying/filters/attribute-names.ts'
import type { PlannedQuery } from './plan.ts'

/**
 * Attributes may have any name, so a field that is misspelt is no fault. But when nothing was found, and a field is
 * nearly one that every row has or that the semantic conventions name, it is worth a word.
 */
export function warningsOf(query: PlannedQuery, result: QueryResult): ProblemError[] {
  const known = [...ownKeys[query.signal].map(([key]) => key), ...renamedAttributes.flat()]
  const warn = (path: string, { name, column }: Field): ProblemError[] => {
    if (known.includes(name) || name.length < 4) return []
    const hint = didYouMean(name, known)
    return hint ? [{ path, message: `Nothing of ${name} was found; it is taken for an attribute`, column, hint }] : []
  }
  const { path, filter, aggregates, groupBy } = query
  const computed = query.signal === 'metrics' ? [] : aggregates.flatMap(({ field }) => field ?? [])
  const unlabelled = groupBy.filter((key) => labelsOf(result, key).every((label) => label === ''))
  return [
    ...(filter && isEmpty(result) ? fieldsIn(filter).flatMap((field) => warn(`${path}.filter`, field)) : []),
    ...(isEmpty(result) ? computed.flatMap((field) => warn(`${path}.aggregate`, field)) : []),
    ...unlabelled.flatMap((name) => warn(`${path}.groupBy`, { name, column: 1 })),
  ]
}

/** Whether all values are 0, or nothing is known. */
export function isEmpty({ series = [], rows = [], columns }: QueryResult): boolean {
  const labels = columns.filter(({ role }) => role === 'label').length
  const values = [
    ...series.flatMap(({ points }) => points.map(([, value]) => value)),
    ...rows.flatMap((row) => row.slice(labels)),
  ]
  return values.every((value) => value === null || value === 0)
}

function labelsOf({ series = [], rows = [], columns }: QueryResult, key: string): unknown[] {
  const place = columns.filter(({ role }) => role === 'label').findIndex(({ name }) => name === key)
  return [...series.map(({ labels }) => labels[key]), ...rows.map((row) => row[place])]
}

function fieldsIn(filter: Filter): Field[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.operands.flatMap(fieldsIn)
    case 'not':
      return fieldsIn(filter.operand)
    case 'text':
    case 'some':
      return []
    default:
      return [filter.field]
  }
}
