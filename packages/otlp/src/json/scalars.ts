/** A JSON value that is no object or array (those are null here); integers that a double cannot hold are bigints. */
export type JsonScalar = string | number | bigint | boolean | null

const maxUint64 = (1n << 64n) - 1n
const maxInt64 = (1n << 63n) - 1n
const minInt64 = -(1n << 63n)

/** A 64-bit integer as two words, or why it is none. */
export interface Integer64 {
  low: number
  high: number
}

/**
 * Reads a JSON number or decimal string as a 64-bit integer. Answers 'invalid' for what is not a number, 'inexact' for a
 * number that is not an integer of that range.
 */
export function toInteger64(value: JsonScalar, signed: boolean, into: Integer64): 'ok' | 'invalid' | 'inexact' {
  if (typeof value === 'number') return fromNumber(value, signed, into)
  if (typeof value === 'bigint') return fromBigInt(value, signed, into)
  if (typeof value !== 'string') return 'invalid'
  if (/^-?\d{1,15}$/.test(value)) return fromNumber(Number(value), signed, into)
  if (/^-?\d{1,100}$/.test(value)) return fromBigInt(BigInt(value), signed, into)
  return value.trim() !== '' && Number.isFinite(Number(value)) ? fromNumber(Number(value), signed, into) : 'invalid'
}

/** Reads a JSON number, or one of the strings that stand for numbers. Undefined for anything else. */
export function toDouble(value: JsonScalar): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return undefined
  if (value === 'NaN') return Number.NaN
  if (value.trim() === '') return undefined
  const number = Number(value)
  return Number.isNaN(number) ? undefined : number
}

/** Reads hex digits of any case. Undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

/** Reads base64, standard or URL-safe, padded or not. Undefined for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  let binary: string
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return undefined
  }
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

function fromNumber(value: number, signed: boolean, into: Integer64): 'ok' | 'inexact' {
  if (!Number.isInteger(value)) return 'inexact'
  if (!Number.isSafeInteger(value)) return fromBigInt(BigInt(value), signed, into)
  if (value < 0 && !signed) return 'inexact'
  into.low = (value % 0x100000000) | 0
  into.high = Math.floor(value / 0x100000000) | 0
  return 'ok'
}

function fromBigInt(value: bigint, signed: boolean, into: Integer64): 'ok' | 'inexact' {
  if (signed ? value > maxInt64 || value < minInt64 : value > maxUint64 || value < 0n) return 'inexact'
  into.low = Number(BigInt.asIntN(32, value))
  into.high = Number(BigInt.asIntN(32, value >> 32n))
  return 'ok'
}
