import type { AnyValue, Attributes } from '@opentelemetry/api'

const MAX_DEPTH = 4
const MAX_ENTRIES = 128
const MAX_STRING = 16_384

/**
 * Turns whatever a caller logs into attributes that OTLP can carry. Errors become type, message and stack; dates become ISO
 * strings; what is too deep, too long or circular is cut, so that a log line never costs more than it is worth.
 */
export function toAttributes(metadata: object): Attributes {
  return convertMap(metadata, 0, new Set())
}

function convertMap(value: object, depth: number, seen: Set<object>): Attributes {
  const result: Attributes = {}
  seen.add(value)
  let count = 0
  for (const key of Object.keys(value)) {
    if (++count > MAX_ENTRIES) break
    const converted = convert((value as Record<string, unknown>)[key], depth + 1, seen)
    if (converted !== undefined) result[key] = converted
  }
  seen.delete(value)
  return result
}

function convert(value: unknown, depth: number, seen: Set<object>): AnyValue {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_STRING ? value.slice(0, MAX_STRING) : value
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
    case 'symbol':
      return String(value)
    case 'object':
      return value === null ? undefined : convertObject(value, depth, seen)
    default:
      return undefined
  }
}

function convertObject(value: object, depth: number, seen: Set<object>): AnyValue {
  if (value instanceof Error) return { type: value.name, message: value.message, stack: value.stack ?? '' }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Uint8Array) return value.length > MAX_STRING ? value.subarray(0, MAX_STRING) : value
  if (seen.has(value)) return '[circular]'
  if (depth >= MAX_DEPTH) return '[too deep]'
  if (!Array.isArray(value)) return convertMap(value, depth, seen)
  seen.add(value)
  const items = value.slice(0, MAX_ENTRIES).map((item) => convert(item, depth + 1, seen) ?? null)
  seen.delete(value)
  return items
}
