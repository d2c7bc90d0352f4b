import type { ProblemError } from '@burstlet/contract/errors'
import { namesIn } from '@burstlet/query-language/formula'
import { conversion } from '../metrics/units.ts'
import type { Operand } from './formulas.ts'
import type { PlannedFormula } from './plan.ts'

/** A formula reads numbers as they are: it is said where two of the same measure stand in different units. */
export function unitWarnings(
  formulas: ReadonlyMap<string, PlannedFormula>,
  operandOf: (name: string) => Operand | undefined,
): ProblemError[] {
  return [...formulas.values()].flatMap(({ formula, path }) => {
    const read = [...new Set(namesIn(formula).map(({ name }) => name))].flatMap((name) => {
      const unit = operandOf(name)?.evaluated.values[0]?.unit
      return unit === undefined ? [] : [{ name, unit }]
    })
    const [first] = read
    const other = read.find(({ unit }) => {
      const factor = conversion(unit, first!.unit)
      return factor !== undefined && factor !== 1
    })
    if (!first || !other) return []
    return [
      {
        path,
        message: `${first.name} is in ${first.unit} and ${other.name} in ${other.unit}; a formula does not convert`,
        hint: 'Give the queries of metrics the same unit',
      },
    ]
  })
}
