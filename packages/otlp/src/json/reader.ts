import { DecodeError } from '../decode-error.ts'
import { GrowingBytes } from '../growing-bytes.ts'
import { appendUnescaped } from './unescape.ts'

/** Values nested deeper than this, known or not, are refused; opentelemetry-proto needs about twenty levels for all but AnyValues. */
const maxDepth = 1000
/** An integer of more digits is only ever a double. */
const maxExactDigits = 100
const maxExponent = 40
/** Of so many digits, every integer is a double. */
const maxPlainDigits = 15

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const integer = /^-?\d+$/
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** What begins at a place of a JSON text. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/**
 * Reads JSON text piece by piece, and keeps nothing of it. What it is given must be UTF-8. Every method throws DecodeError
 * where the text is no JSON.
 */
export class JsonReader {
  readonly bytes: Uint8Array
  position = 0
  /** Where the last string lies between its quotes: in these bytes, from `start` to `end`. */
  stringBytes: Uint8Array
  start = 0
  end = 0
  /** Whether there are escapes in it. */
  isEscaped = false
  readonly #unescaped = new GrowingBytes()

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.stringBytes = bytes
  }

  /** What comes next; `position` is then where it begins. */
  kind(): JsonKind {
    const byte = this.#next()
    switch (byte) {
      case openBrace:
        return 'object'
      case openBracket:
        return 'array'
      case quote:
        return 'string'
      case 0x74:
      case 0x66:
        return 'boolean'
      case 0x6e:
        return 'null'
      default:
        return isNumberByte(byte) ? 'number' : this.#fail()
    }
  }

  /** Goes into an object or array. */
  enter(): void {
    this.position++
  }

  /**
   * Goes to the next member of an object, behind its colon; its name is then the last string.
   * @param isFirst whether none was read yet
   * @returns false behind the end of the object
   */
  nextMember(isFirst: boolean): boolean {
    if (!this.#nextOf(closeBrace, isFirst)) return false
    if (this.#next() !== quote) this.#fail()
    this.string()
    if (this.#next() !== colon) this.#fail()
    this.position++
    return true
  }

  /** Goes to the next element of an array. @returns false behind the end of the array */
  nextElement(isFirst: boolean): boolean {
    return this.#nextOf(closeBracket, isFirst)
  }

  /** Passes over a string, which is then the last. */
  string(): void {
    const { bytes } = this
    const { length } = bytes
    let at = this.position + 1
    this.stringBytes = bytes
    this.start = at
    this.isEscaped = false
    while (at < length) {
      const byte = bytes[at]!
      if (byte === quote) {
        this.end = at
        this.position = at + 1
        return
      }
      if (byte === backslash) {
        this.isEscaped = true
        at++
      } else if (byte < 0x20) break
      at++
    }
    this.position = Math.min(at, length)
    this.#fail()
  }

  /** Has the last string lie elsewhere without its escapes, if it has any. */
  unescape(): void {
    if (!this.isEscaped) return
    this.#unescaped.length = 0
    appendUnescaped(this.#unescaped, this.stringBytes, this.start, this.end)
    this.stringBytes = this.#unescaped.bytes
    this.start = 0
    this.end = this.#unescaped.length
    this.isEscaped = false
  }

  /** The last string. */
  text(): string {
    this.unescape()
    return decoder.decode(this.stringBytes.subarray(this.start, this.end))
  }

  /** Reads a number; integers that a double cannot hold are bigints. */
  number(): number | bigint {
    const start = this.position
    const { bytes } = this
    let at = start
    // Most are integers of a few digits, with nothing before them and a comma or a brace behind.
    let plain = 0
    while (at < start + maxPlainDigits && isDigit(bytes[at])) plain = plain * 10 + bytes[at++]! - 0x30
    if (at > start && !isNumberByte(bytes[at]) && (bytes[start] !== 0x30 || at === start + 1)) {
      this.position = at
      return plain
    }
    while (isNumberByte(bytes[at])) at++
    const text = decoder.decode(bytes.subarray(start, at))
    if (!number.test(text)) this.#fail()
    this.position = at
    const value = Number(text)
    return Number.isSafeInteger(value) || text.length > maxExactDigits ? value : (exactInteger(text) ?? value)
  }

  boolean(): boolean {
    const value = this.bytes[this.position] === 0x74
    this.#word(value ? 'true' : 'false')
    return value
  }

  null(): void {
    this.#word('null')
  }

  /** Passes over a value of any kind. @param depth of the values around it */
  skip(depth: number): void {
    const kind = this.kind()
    if (kind === 'object' || kind === 'array') {
      if (depth >= maxDepth) throw new DecodeError('not valid JSON: nested too deeply')
      this.enter()
      for (let isFirst = true; ; isFirst = false) {
        if (kind === 'object' ? !this.nextMember(isFirst) : !this.nextElement(isFirst)) return
        if (kind === 'object') this.unescape()
        this.skip(depth + 1)
      }
    }
    if (kind === 'string') {
      this.string()
      this.unescape()
    } else if (kind === 'boolean') this.boolean()
    else if (kind === 'null') this.null()
    else this.number()
  }

  /** To be called behind the last value. */
  finish(): void {
    if (this.#next() !== undefined) this.#fail()
  }

  #nextOf(close: number, isFirst: boolean): boolean {
    const byte = this.#next()
    if (byte === close) {
      this.position++
      return false
    }
    if (isFirst) return true
    if (byte !== comma) this.#fail()
    this.position++
    if (this.#next() === close) this.#fail()
    return true
  }

  /** The next byte that is not white space. */
  #next(): number | undefined {
    const { bytes } = this
    let at = this.position
    let byte = bytes[at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at]
    this.position = at
    return byte
  }

  #word(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.position + i] !== word.charCodeAt(i)) this.#fail()
    }
    this.position += word.length
  }

  #fail(): never {
    const { position, bytes } = this
    if (position >= bytes.length) throw new DecodeError('not valid JSON: it ends before it should')
    throw new DecodeError(`not valid JSON: byte ${position} is not what may stand there`)
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b
  )
}

/** The integer that a number's text stands for, `1.5e20` included; undefined when it is none, or a huge one. */
function exactInteger(text: string): bigint | undefined {
  if (integer.test(text)) return BigInt(text)
  const [, sign = '', whole = '', fraction = '', exponent = ''] = /^(-?)(\d+)(?:\.(\d+))?[eE]\+?(\d+)$/.exec(text) ?? []
  const zeros = Number(exponent) - fraction.length
  if (whole === '' || zeros < 0 || zeros > maxExponent) return undefined
  return BigInt(`${sign}${whole}${fraction}${'0'.repeat(zeros)}`)
}
