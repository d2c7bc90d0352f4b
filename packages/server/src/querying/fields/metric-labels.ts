import { textOfAnyValue } from '../filters/any-value.ts'
import { namesOf } from '../filters/attribute-names.ts'
import { reachedValues } from '../filters/attribute-operand.ts'
import type { Parameters } from '../statements/parameters.ts'

/**
 * The value of an attribute as text, whatever its type, or of a member of a map attribute that the key reaches into; '' when the
 * row of `table` (an alias) has none of its names.
 */
export function attributeText(table: string, key: string, parameters: Parameters): string {
  const cases = namesOf(key).flatMap((name) => {
    const key = parameters.value('String', name)
    const reached = reachedValues(`${table}.attr_x`, name, parameters)
    return [
      `mapContains(${table}.attr_s, ${key}), ${table}.attr_s[${key}]`,
      `mapContains(${table}.attr_i, ${key}), toString(${table}.attr_i[${key}])`,
      `mapContains(${table}.attr_f, ${key}), toString(${table}.attr_f[${key}])`,
      `mapContains(${table}.attr_b, ${key}), if(${table}.attr_b[${key}], 'true', 'false')`,
      `mapContains(${table}.attr_x, ${key}), ${table}.attr_x[${key}]`,
      ...(reached ? [`${reached.guard}, arrayMap(leaf -> ${textOfAnyValue('leaf')}, ${reached.values})[1]`] : []),
    ]
  })
  return `multiIf(${cases.join(', ')}, '')`
}

/**
 * What a series is grouped by, as text: `service.name`, `resource.KEY`, or KEY of the series' attributes, else of its
 * resource. Aliases: `series` for the series, `sender` for its resource.
 */
export function labelText(key: string, parameters: Parameters): string {
  if (key === 'service.name' || key === 'service') return 'toString(series.service)'
  if (key.startsWith('resource.')) return attributeText('sender', key.slice('resource.'.length), parameters)
  const own = attributeText('series', key.startsWith('attribute.') ? key.slice('attribute.'.length) : key, parameters)
  const sent = attributeText('sender', key, parameters)
  return `if(${own} != '', ${own}, ${sent})`
}
