import type { QueryKind } from '@burstlet/contract/query'
import { evaluate, namesIn } from '@burstlet/query-language/formula'
import { ApiError } from '../../http/errors/api-error.ts'
import { type Evaluated, type Group, identity } from './evaluated.ts'
import type { PlannedFormula } from './plan.ts'

/** What a formula reads, and what it gives. */
export interface Operand {
  readonly kind: QueryKind
  readonly groupBy: readonly string[]
  readonly evaluated: Evaluated
  readonly compared?: Compared | undefined
}

/** The same question a while earlier; its buckets have the times of the later one. */
export interface Compared {
  readonly from: number
  readonly to: number
  readonly offsetSeconds: number
  readonly evaluated: Evaluated
}

/**
 * Applies a formula to groups with the same keys, bucket by bucket. A query without groupBy goes with every group. A
 * group that a query does not have counts as nothing where that is known (a count of 0), else as null. What is beyond
 * a limit differs from query to query, so it is left out.
 * @throws ApiError when the queries are grouped by different keys, or are over time and as a whole
 */
export function applyFormula(planned: PlannedFormula, operandOf: (name: string) => Operand): Operand {
  const names = [...new Set(namesIn(planned.formula).map(({ name }) => name))]
  const operands = names.map((name) => [name, operandOf(name)] as const)
  const [firstName, first] = operands[0]!
  const grouped = operands.filter(([, { groupBy }]) => groupBy.length > 0)
  const groupBy = grouped[0]?.[1].groupBy ?? []
  for (const [name, operand] of operands) {
    if (operand.groupBy.length > 0 && operand.groupBy.join('\0') !== groupBy.join('\0')) {
      throw mismatch(planned.path, `${grouped[0]![0]} and ${name} are grouped by different keys`)
    }
    if (operand.kind !== first.kind) throw mismatch(planned.path, `${firstName} and ${name} differ in kind`)
  }
  const offset = first.compared?.offsetSeconds
  const comparable = offset !== undefined && operands.every(([, { compared }]) => compared?.offsetSeconds === offset)
  return {
    kind: first.kind,
    groupBy,
    evaluated: combine(planned, operands, ({ evaluated }) => evaluated),
    compared: comparable
      ? { ...first.compared!, evaluated: combine(planned, operands, ({ compared }) => compared!.evaluated) }
      : undefined,
  }
}

function combine(
  { formula }: PlannedFormula,
  operands: readonly (readonly [string, Operand])[],
  of: (operand: Operand) => Evaluated,
): Evaluated {
  const read = new Map(operands.map(([name, operand]) => [name, lookup(of(operand), operand.groupBy)]))
  const grouped = operands.filter(([, { groupBy }]) => groupBy.length > 0)
  const keysOf = grouped.length > 0 ? distinctKeys(grouped.map(([, operand]) => of(operand))) : [[]]
  const all = operands.map(([, operand]) => of(operand))
  const { buckets } = all[0]!
  return {
    buckets,
    groups: keysOf.map((keys): Group => {
      const values = buckets.map((_, bucket) => evaluate(formula, (name) => read.get(name)!(keys, bucket)))
      return { keys, other: false, values: [values] }
    }),
    values: [{ name: 'value', type: 'number', role: 'value', empty: null }],
    truncated: all.some(({ truncated }) => truncated),
    source: [...new Set(all.map(({ source }) => source))].join(', '),
    cached: false,
    completeUntil: earliest(all.map(({ completeUntil }) => completeUntil)),
  }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((each) => each !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

type Lookup = (keys: readonly string[], bucket: number) => number | null

function lookup(evaluated: Evaluated, groupBy: readonly string[]): Lookup {
  const groups = new Map(evaluated.groups.map((group) => [identity(group.keys, group.other), group]))
  // Of a group beyond the limit nothing is known.
  const absent = evaluated.truncated ? null : (evaluated.values[0]?.empty ?? null)
  return (keys, bucket) => {
    const group = groups.get(identity(groupBy.length === 0 ? [] : keys, false))
    return group ? (group.values[0]?.[bucket] ?? null) : absent
  }
}

function distinctKeys(all: readonly Evaluated[]): (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  for (const { groups } of all) {
    for (const { keys, other } of groups) if (!other) found.set(identity(keys, false), keys)
  }
  return [...found.values()]
}

function mismatch(path: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${path}: ${message}`, [{ path, message }])
}
