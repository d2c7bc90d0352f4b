import type { Attributes } from '@burstlet/contract/common'
import { entriesOfText } from '@burstlet/otlp/encode/entries-of-text'
import type { AttributeColumns } from '@burstlet/otlp/rows'

export const attributeColumns = 'attr_s, attr_i, attr_f, attr_b, attr_x'

/** One object of plain values; see `attributes` of the contract for what becomes of each type. */
export function attributesOf(maps: AttributeColumns): Attributes {
  const merged: (readonly [string, unknown])[] = [...maps.attr_s]
  for (const [key, value] of maps.attr_i) merged.push([key, integer(value)])
  for (const [key, value] of maps.attr_f) merged.push([key, double(value)])
  for (const [key, value] of maps.attr_b) merged.push([key, value])
  for (const [key, value] of maps.attr_x) merged.push([key, anyValue(JSON.parse(value))])
  // fromEntries makes own properties, so that a key named __proto__ is a key like any other.
  return Object.fromEntries(merged)
}

/** Attributes of an event or a link: one JSON object, whose strings and booleans are plain and whose other values are AnyValues. */
export function attributesOfText(text: string): Attributes {
  if (text === '') return {}
  const values = entriesOfText<unknown>(text)
  return Object.fromEntries(
    values.map(([key, value]) => [key, typeof value === 'object' && value !== null ? anyValue(value) : value]),
  )
}

interface AnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string | number
  readonly doubleValue?: number | string
  readonly bytesValue?: string
  readonly arrayValue?: { readonly values?: readonly AnyValue[] }
  readonly kvlistValue?: { readonly values?: readonly { readonly key: string; readonly value?: AnyValue }[] }
}

/** An AnyValue of OTLP/JSON as a plain value; null when it is empty. */
export function anyValue(value: AnyValue): unknown {
  if (value.stringValue !== undefined) return value.stringValue
  if (value.boolValue !== undefined) return value.boolValue
  if (value.intValue !== undefined) return integer(String(value.intValue))
  if (value.doubleValue !== undefined) return value.doubleValue
  if (value.bytesValue !== undefined) return { bytesValue: value.bytesValue }
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(anyValue)
  if (value.kvlistValue) {
    return Object.fromEntries((value.kvlistValue.values ?? []).map((pair) => [pair.key, anyValue(pair.value ?? {})]))
  }
  return null
}

/** A number where it can hold the value, else the decimal text. */
function integer(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

const denormals: Record<string, string> = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity', '-nan': 'NaN' }

function double(value: number | string): number | string {
  return typeof value === 'number' ? value : (denormals[value] ?? value)
}
