import { movedAttributes } from '@burstlet/otlp/semantic-conventions'
import type { Parameters } from '../statements/parameters.ts'
import { anyValueOperand, memberOf, pathsOf } from './any-value.ts'
import { anyOf, type Operand } from './value-conditions.ts'

const movedColumns = new Map<string, string>(Object.entries(movedAttributes).map(([column, key]) => [key, column]))

/**
 * An attribute in the typed maps of a row, or in a map attribute that its key reaches into.
 * @param moved whether the table has the columns of `movedAttributes`
 */
export function attributeOperand(key: string, parameters: Parameters, moved: boolean): Operand {
  const name = () => parameters.value('String', key)
  const column = moved ? movedColumns.get(key) : undefined
  // The bloom filters on keys and values answer `map[key] = value` as it stands; the guard keeps absent keys out, which read as '' or 0.
  const guarded = (map: string) => (test: (expression: string) => string) =>
    `mapContains(${map}, ${name()}) AND (${test(`${map}[${name()}]`)})`
  const string = column ? (test: (expression: string) => string) => `ifNull(${test(column)}, 0)` : guarded('attr_s')
  const kept = keptOperand(key, parameters)
  const either =
    (
      plain: (test: (expression: string) => string) => string,
      reached: ((test: (expression: string) => string) => string) | undefined,
    ) =>
    (test: (expression: string) => string) =>
      anyOf([plain(test), pathsOf(key).length > 0 ? reached?.(test) : undefined])
  return {
    exists: () =>
      anyOf([
        column ? `${column} IS NOT NULL` : `mapContains(attr_s, ${name()})`,
        ...['attr_i', 'attr_f', 'attr_b'].map((map) => `mapContains(${map}, ${name()})`),
        kept.exists(),
      ]),
    string: either(string, kept.string),
    integer: either(guarded('attr_i'), kept.integer),
    double: either(guarded('attr_f'), kept.double),
    boolean: either(guarded('attr_b'), kept.boolean),
    ...(kept.elements && { elements: kept.elements }),
  }
}

/** What is kept as AnyValues: arrays, maps, and the members of maps. */
function keptOperand(key: string, parameters: Parameters): Operand {
  const name = parameters.value('String', key)
  const reached = reachedValues('attr_x', key, parameters)
  const own = `[attr_x[${name}]]`
  return anyValueOperand(
    reached ? `arrayConcat(${own}, ${reached.values})` : own,
    anyOf([`mapContains(attr_x, ${name})`, reached?.guard]),
  )
}

/**
 * What a key reaches into: SQL of an array of AnyValues, and whether there may be any. undefined when it reaches into nothing.
 * @param map `attr_x` of a table
 */
export function reachedValues(
  map: string,
  key: string,
  parameters: Parameters,
): { readonly values: string; readonly guard: string } | undefined {
  const paths = pathsOf(key)
  if (paths.length === 0) return undefined
  const name = (text: string) => parameters.value('String', text)
  const members = paths.map(([first = '', ...path]) => memberOf(`${map}[${name(first)}]`, path, parameters))
  const maps = [...new Set(paths.map(([first = '']) => first))]
  return {
    values: `arrayFilter(leaf -> leaf != '', [${members.join(', ')}])`,
    guard: maps.map((first) => `mapContains(${map}, ${name(first)})`).join(' OR '),
  }
}
