import { numberOfAnyValue } from '../filters/any-value.ts'
import { namesOf } from '../filters/attribute-names.ts'
import { reachedValues } from '../filters/attribute-operand.ts'
import type { Parameters } from '../statements/parameters.ts'

/** An attribute as Nullable(Float64): of the maps of integers and doubles, under all of its names, and of maps that the key reaches into. */
export function attributeNumber(table: string, key: string, parameters: Parameters): string {
  const cases = namesOf(key).flatMap((name) => {
    const wanted = parameters.value('String', name)
    const reached = reachedValues(`${table}.attr_x`, name, parameters)
    return [
      ...['attr_i', 'attr_f'].map(
        // JSON has no infinities: what is none of its numbers is taken for missing.
        (map) =>
          `mapContains(${table}.${map}, ${wanted}) AND isFinite(${table}.${map}[${wanted}]), toFloat64(${table}.${map}[${wanted}])`,
      ),
      ...(reached ? [`${reached.guard}, arrayMap(leaf -> ${numberOfAnyValue('leaf')}, ${reached.values})[1]`] : []),
    ]
  })
  return `multiIf(${cases.join(', ')}, NULL)`
}
