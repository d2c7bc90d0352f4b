// SQL over AnyValues of OTLP/JSON, the form in which arrays, maps and bytes are kept: `{"arrayValue":{"values":[…]}}`,
// `{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}`.
import type { Parameters } from '../statements/parameters.ts'
import type { Operand } from './value-conditions.ts'

/** More dots than this have too many ways of being read. */
const maxDots = 3

/**
 * How a key reaches into maps: `a.b.c` may be `b.c` in the map `a`, `c` in `b` in `a`, or `c` in the map `a.b`. The key
 * itself is not among them. A key with more than three dots is only cut at one of its dots, or at all of them.
 */
export function pathsOf(key: string): readonly (readonly string[])[] {
  const parts = key.split('.')
  const dots = parts.length - 1
  if (dots === 0) return []
  const cut = (isCut: (dot: number) => boolean) =>
    parts.slice(1).reduce(
      (path, part, dot) => {
        if (isCut(dot)) path.push(part)
        else path.push(`${path.pop()}.${part}`)
        return path
      },
      [parts[0]!],
    )
  if (dots <= maxDots) {
    return Array.from({ length: 2 ** dots - 1 }, (_, ways) => cut((dot) => (((ways + 1) >> dot) & 1) === 1))
  }
  return [...Array.from({ length: dots }, (_, at) => cut((dot) => dot === at)), cut(() => true)]
}

/** The AnyValue that a map has under the last of some keys, one within the other; '' when there is none. */
export function memberOf(value: string, path: readonly string[], parameters: Parameters): string {
  return path.reduce((map, key) => {
    const isWanted = `pair -> JSONExtractString(pair, 'key') = ${parameters.value('String', key)}`
    // Of several with the same key the last counts, as everywhere.
    return `JSONExtractRaw(arrayLast(${isWanted}, JSONExtractArrayRaw(${map}, 'kvlistValue', 'values')), 'value')`
  }, value)
}

/**
 * What some AnyValues can be compared with: a condition holds when it holds of one.
 * @param values SQL of an array of them, '' for those that are not there
 * @param guard SQL that is quick, and does not hold where none is there
 */
export function anyValueOperand(values: string, guard: string): Operand {
  return {
    exists: () => `(${guard}) AND arrayExists(leaf -> leaf != '', ${values})`,
    ...scalars((test) => `(${guard}) AND arrayExists(leaf -> ${test('leaf')}, ${values})`),
    elements: {
      exists: () => '0',
      ...scalars(
        (test) =>
          `(${guard}) AND arrayExists(leaf -> arrayExists(each -> ${test('each')}, JSONExtractArrayRaw(leaf, 'arrayValue', 'values')), ${values})`,
      ),
    },
  }
}

function scalars(holds: (test: (value: string) => string) => string): Omit<Operand, 'exists'> {
  const ofType = (type: string, read: (value: string) => string) => (test: (expression: string) => string) =>
    holds((value) => `JSONHas(${value}, '${type}') AND (${test(read(value))})`)
  return {
    string: ofType('stringValue', (value) => `JSONExtractString(${value}, 'stringValue')`),
    integer: ofType('intValue', (value) => `JSONExtract(${value}, 'intValue', 'Int64')`),
    double: ofType('doubleValue', (value) => `JSONExtract(${value}, 'doubleValue', 'Float64')`),
    boolean: ofType('boolValue', (value) => `JSONExtractBool(${value}, 'boolValue')`),
  }
}

/** An AnyValue as text: a scalar as it is, everything else as it is kept; '' when there is none. */
export function textOfAnyValue(value: string): string {
  return `multiIf(JSONHas(${value}, 'stringValue'), JSONExtractString(${value}, 'stringValue'), JSONHas(${value}, 'intValue'), JSONExtractString(${value}, 'intValue'), JSONHas(${value}, 'doubleValue'), toString(JSONExtract(${value}, 'doubleValue', 'Float64')), JSONHas(${value}, 'boolValue'), JSONExtractRaw(${value}, 'boolValue'), ${value})`
}

/** An AnyValue as Nullable(Float64). */
export function numberOfAnyValue(value: string): string {
  return `multiIf(JSONHas(${value}, 'intValue'), toFloat64(JSONExtract(${value}, 'intValue', 'Int64')), JSONHas(${value}, 'doubleValue'), JSONExtract(${value}, 'doubleValue', 'Float64'), NULL)`
}
