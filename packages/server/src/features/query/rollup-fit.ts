import { spanKinds } from '@burstlet/contract/traces'
import { copiedAttributes } from '@burstlet/otlp/semantic-conventions'
import type { Filter, Value } from '@burstlet/query-language/filter'
import type { FieldCondition } from '../../querying/filters/value-conditions.ts'
import type { PlannedQuery } from './plan.ts'

export type RedTable = 'red_1m' | 'red_service_1m'

/** The same by hour. */
export const hourlyTables = { red_1m: 'red_1h', red_service_1m: 'red_service_1h' } as const

/** Fields that both rollups are keyed by, and those that only `red_1m` is. */
const ofService = ['kind', 'service', 'service.name']
const ofOperation: readonly string[] = [
  ...ofService,
  ...['name', 'operation'],
  ...copiedAttributes.http_method,
  ...copiedAttributes.http_route,
]

/** Kinds that the rollups hold. */
const kindsHeld = (['server', 'client', 'consumer'] as const).map((kind) => spanKinds.indexOf(kind))

/**
 * The smallest rollup that answers a question as the spans themselves would: it asks for nothing but the rollup's keys,
 * only of kinds that the rollup holds, in whole minutes. undefined when there is none.
 */
export function fittingRollup(query: PlannedQuery, stepSeconds: number): RedTable | undefined {
  if (query.signal !== 'spans' || query.filter === undefined) return undefined
  if (!stepsAreWhole(query, stepSeconds, 60)) return undefined
  if (!query.aggregates.every(isHeld)) return undefined
  if (!kindsOf(query.filter).every((kind) => kindsHeld.includes(kind))) return undefined
  const names = fieldsIn(query.filter)
  if (names === undefined) return undefined
  const asked = [...names, ...query.groupBy]
  if (asked.every((name) => ofService.includes(name))) return 'red_service_1m'
  return asked.every((name) => ofOperation.includes(name)) ? 'red_1m' : undefined
}

/** Whether every bucket of a question begins and ends with a unit of so many seconds, as far as the range reaches. */
export function stepsAreWhole({ kind }: Pick<PlannedQuery, 'kind'>, stepSeconds: number, unit: number): boolean {
  return kind === 'scalar' || kind === 'table' || stepSeconds % unit === 0
}

function isHeld({ name, field }: PlannedQuery['aggregates'][number]): boolean {
  if (field === undefined) return name === 'count' || name === 'rate' || name === 'error_rate'
  return field.name === 'duration' && ['sum', 'avg', 'max', 'percentile'].includes(name)
}

/** Every field that a filter names; undefined when it asks for a text, or in a way that only attributes answer. */
function fieldsIn(filter: Filter): string[] | undefined {
  switch (filter.type) {
    case 'and':
    case 'or': {
      const parts = filter.operands.map(fieldsIn)
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined
    }
    case 'not':
      return fieldsIn(filter.operand)
    case 'text':
    case 'some':
      return undefined
    default:
      return valuesOf(filter).every(isText) || filter.field.name === 'kind' ? [filter.field.name] : undefined
  }
}

function valuesOf(condition: FieldCondition): readonly Value[] {
  if (condition.type === 'exists') return []
  return condition.type === 'in' ? condition.values : [condition.value]
}

function isText(value: Value): boolean {
  return value.type === 'string' && value.text !== ''
}

/** The last stands for all numbers without a name. */
const allKinds = [...spanKinds.keys(), spanKinds.length]

/** Kinds of span that a filter may let through. */
function kindsOf(filter: Filter): readonly number[] {
  switch (filter.type) {
    case 'and':
      return allKinds.filter((kind) => filter.operands.every((operand) => kindsOf(operand).includes(kind)))
    case 'or':
      return allKinds.filter((kind) => filter.operands.some((operand) => kindsOf(operand).includes(kind)))
    case 'not': {
      const named = kindsNamed(filter.operand)
      return allKinds.filter((kind) => !named?.includes(kind))
    }
    default:
      return kindsNamed(filter) ?? allKinds
  }
}

/** Kinds that fulfil a condition which is about nothing else. */
function kindsNamed(filter: Filter): readonly number[] | undefined {
  if (filter.type === 'in' && filter.field.name === 'kind') {
    const named = filter.values.map(kindOf)
    return filter.negated ? allKinds.filter((kind) => !named.includes(kind)) : named
  }
  if (filter.type !== 'comparison' || filter.field.name !== 'kind') return undefined
  const named = kindOf(filter.value)
  if (filter.operator === '=') return [named]
  return filter.operator === '!=' ? allKinds.filter((kind) => kind !== named) : undefined
}

function kindOf(value: Value): number {
  return value.type === 'number' ? value.number : (spanKinds as readonly string[]).indexOf(value.text.toLowerCase())
}
