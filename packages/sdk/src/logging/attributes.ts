import type { AnyValue, Attributes } from '@opentelemetry/api'

const maxDepth = 4
const maxEntries = 128
const maxString = 16_384
const unreadable = '[unreadable]'

/**
 * Turns whatever a caller logs into attributes that OTLP can carry. Errors become type, message and stack; dates become ISO
 * strings; what is too deep, too long or circular is cut, so that a log line never costs more than it is worth. It never throws:
 * what cannot be read, as a getter or a proxy throws, is said to be so. What is no object stands under the key `value`.
 */
export function toAttributes(metadata: unknown): Attributes {
  if (metadata === undefined || metadata === null) return {}
  if (typeof metadata !== 'object') return definedOnly('value', convert(metadata, 0, new Set()))
  return convertMap(metadata, 0, new Set())
}

function definedOnly(key: string, value: AnyValue): Attributes {
  return value === undefined ? {} : { [key]: value }
}

function convertMap(value: object, depth: number, seen: Set<object>): Attributes {
  const result: Attributes = {}
  seen.add(value)
  for (const key of keysOf(value).slice(0, maxEntries)) {
    const converted = convertEntry(value, key, depth + 1, seen)
    if (converted !== undefined) result[key] = converted
  }
  seen.delete(value)
  return result
}

function keysOf(value: object): string[] {
  try {
    return Object.keys(value)
  } catch {
    return []
  }
}

function convertEntry(of: object, key: string | number, depth: number, seen: Set<object>): AnyValue {
  try {
    return convert((of as Record<string | number, unknown>)[key], depth, seen)
  } catch {
    return unreadable
  }
}

function convert(value: unknown, depth: number, seen: Set<object>): AnyValue {
  switch (typeof value) {
    case 'string':
      return value.length > maxString ? value.slice(0, maxString) : value
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
  if (value instanceof Error) return { type: text(value.name), message: text(value.message), stack: text(value.stack) }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Uint8Array) return value.length > maxString ? value.subarray(0, maxString) : value
  if (seen.has(value)) return '[circular]'
  if (depth >= maxDepth) return '[too deep]'
  if (!Array.isArray(value)) return convertMap(value, depth, seen)
  seen.add(value)
  const items = Array.from({ length: Math.min(value.length, maxEntries) }, (_, index) => {
    return convertEntry(value, index, depth + 1, seen) ?? null
  })
  seen.delete(value)
  return items
}

/** Errors of strange libraries have a code for their name, or an object for their message. */
const text = (value: unknown) => (typeof value === 'string' ? value : value === undefined ? '' : String(value))
