import { DecodeError } from '../decode-error.ts'

/** A JSON value; integers that a double cannot hold are bigints. */
export type JsonValue = string | number | bigint | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue
}

// Numbers for which a double may not be exact. Inside of a string this may match too, which only costs time.
const longNumber = /[:,[]\s*-?(?:\d{16,}|[\d.]+[eE])/
const integer = /^-?\d+$/
const MAX_EXPONENT = 40

/** Parses a JSON body without losing digits of large integers. Throws DecodeError. */
export function parseJson(body: Uint8Array): JsonValue {
  const text = new TextDecoder().decode(body)
  try {
    // The reviver costs more than the parsing itself, and hardly a body needs it: large integers mostly are strings.
    return JSON.parse(text, longNumber.test(text) ? exactIntegers : undefined) as JsonValue
  } catch (error) {
    if (error instanceof RangeError) throw new DecodeError('not valid JSON: nested too deeply')
    throw new DecodeError(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function exactIntegers(_name: string, value: unknown, { source }: { source?: string } = {}): unknown {
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value)) return value
  return exactInteger(source) ?? value
}

/** The integer that a number's text stands for, `1.5e20` included; undefined when it is none, or a huge one. */
function exactInteger(source: string): bigint | undefined {
  if (integer.test(source)) return BigInt(source)
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^(-?)(\d+)(?:\.(\d+))?[eE]\+?(\d+)$/.exec(source) ?? []
  const zeros = Number(exponent) - fraction.length
  if (whole === '' || zeros < 0 || zeros > MAX_EXPONENT) return undefined
  return BigInt(`${sign}${whole}${fraction}${'0'.repeat(zeros)}`)
}
