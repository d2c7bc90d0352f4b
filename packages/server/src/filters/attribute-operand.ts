import { movedAttributes } from '@burstlet/otlp/semantic-conventions'
import type { Parameters } from '../search/statement.ts'
import { anyOf, type Operand } from './value-conditions.ts'

const movedColumns = new Map<string, string>(Object.entries(movedAttributes).map(([column, key]) => [key, column]))

/**
 * An attribute in the typed maps of a row.
 * @param moved whether the table has the columns of `movedAttributes`
 */
export function attributeOperand(key: string, parameters: Parameters, moved: boolean): Operand {
  const name = () => parameters.value('String', key)
  const column = moved ? movedColumns.get(key) : undefined
  // The bloom filters on keys and values answer `map[key] = value` as it stands; the guard keeps absent keys out, which read as '' or 0.
  const guarded = (map: string) => (test: (expression: string) => string) =>
    `mapContains(${map}, ${name()}) AND (${test(`${map}[${name()}]`)})`
  return {
    exists: () =>
      anyOf([
        column ? `${column} IS NOT NULL` : `mapContains(attr_s, ${name()})`,
        ...['attr_i', 'attr_f', 'attr_b', 'attr_x'].map((map) => `mapContains(${map}, ${name()})`),
      ]),
    string: column ? (test) => `ifNull(${test(column)}, 0)` : guarded('attr_s'),
    integer: guarded('attr_i'),
    double: guarded('attr_f'),
    boolean: guarded('attr_b'),
  }
}
