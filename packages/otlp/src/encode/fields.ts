import type { AnyValue, JsonDouble, KeyValue } from '../otlp-json.ts'
import type { AttributeColumns, DoubleJson } from '../rows.ts'
import { entriesOfText } from './entries-of-text.ts'

/** An object without the members that are undefined, which in OTLP/JSON is how a default is written. */
export function compact<Shape extends object>(members: { [Name in keyof Shape]: Shape[Name] | undefined }): Shape {
  const kept: Partial<Shape> = {}
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name]
  return kept as Shape
}

/** A text, number or decimal unless it is the default. */
export function given<Value extends string | number>(value: Value): Value | undefined {
  return value === '' || value === 0 || value === '0' ? undefined : value
}

/** A list unless it is empty. */
export function filled<Element>(list: Element[]): Element[] | undefined {
  return list.length === 0 ? undefined : list
}

/** A hex id unless it is all zeros. */
export function id(hex: string): string | undefined {
  return /[^0]/.test(hex) ? hex : undefined
}

/** ClickHouse's JSON for a double as OTLP's. */
export function double(value: DoubleJson): JsonDouble {
  // JSON.stringify writes a negative zero as 0; the JSON mapping of protobuf takes a double as text too.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : value
  if (value === 'inf') return 'Infinity'
  return value === '-inf' ? '-Infinity' : 'NaN'
}

/** A double unless it is the default, which a negative zero is not. */
export function givenDouble(value: DoubleJson): JsonDouble | undefined {
  return Object.is(value, 0) ? undefined : double(value)
}

/** The attributes of a row, as a list; undefined when there are none. `moved` are string attributes from columns. */
export function attributes(
  row: AttributeColumns,
  moved: Readonly<Record<string, string | null>> = {},
): KeyValue[] | undefined {
  const list: KeyValue[] = []
  const add = (key: string, value: AnyValue) => list.push({ key, value })
  for (const [key, stringValue] of row.attr_s) add(key, { stringValue })
  for (const [key, stringValue] of Object.entries(moved)) if (stringValue !== null) add(key, { stringValue })
  for (const [key, intValue] of row.attr_i) add(key, { intValue })
  for (const [key, value] of row.attr_f) add(key, { doubleValue: double(value) })
  for (const [key, boolValue] of row.attr_b) add(key, { boolValue })
  for (const [key, text] of row.attr_x) add(key, JSON.parse(text) as AnyValue)
  return filled(list)
}

/** Attributes that are kept as one JSON text: strings and booleans as they are, all else as an AnyValue. */
export function attributesOfText(text: string): KeyValue[] | undefined {
  if (text === '') return undefined
  return entriesOfText<string | boolean | AnyValue>(text).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: string | boolean | AnyValue): AnyValue {
  if (typeof value === 'string') return { stringValue: value }
  return typeof value === 'boolean' ? { boolValue: value } : value
}
