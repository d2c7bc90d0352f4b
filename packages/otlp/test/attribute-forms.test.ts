import { describe, expect, it } from 'vitest'
import { DecodeError } from '../src/decode-error.ts'
import { decodeBytes, sized, spanId, traceId } from './requests.ts'

const key = [10, 1, 0x6b]

/** A request of one span that has this attribute field, and no times. */
function requestOf(field: Iterable<number>): Uint8Array {
  const span = [...sized(10, traceId), ...sized(18, spanId), ...field]
  return sized(10, sized(18, sized(18, span)))
}

function spansWith(field: Iterable<number>): string {
  const { accepted, blocks } = decodeBytes('traces', requestOf(field))
  expect(accepted).toBe(1)
  return Buffer.from(blocks.find(({ table }) => table === 'spans')!.bytes).toString('latin1')
}

/** The same bytes with a length that takes two bytes, which no exporter writes. */
function padded(field: readonly number[]): number[] {
  return [74, (field.length & 0x7f) | 0x80, field.length >> 7, ...field]
}

describe('an attribute', () => {
  it.each([
    ['a string', [10, 2, 0x61, 0x62]],
    ['an empty string', [10, 0]],
    ['an int', [24, 5]],
    ['an int of two bytes', [24, 0xac, 0x02]],
    ['an int of four bytes', [24, 0xff, 0xff, 0xff, 0x7f]],
    ['an int of five bytes', [24, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a bool', [16, 1]],
    ['false', [16, 0]],
    ['a double', [33, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf]],
    ['an array', [42, 0]],
    ['two variants, of which the last counts', [24, 1, 10, 1, 0x61]],
    ['nothing', []],
  ])('is the same however it is written: %s', (_, value) => {
    const field = [...key, 18, value.length, ...value]
    const plain = spansWith(sized(74, field))
    expect(spansWith(padded(field))).toBe(plain)
    expect(spansWith(sized(74, [18, value.length, ...value, ...key]))).toBe(plain)
    expect(spansWith(sized(74, [...field, 0x78, 1]))).toBe(plain)
    expect(spansWith(sized(74, [10, 1, 0x78, ...field]))).toBe(plain)
  })

  it.each([
    ['an int that does not end', [...key, 18, 2, 24, 0x80]],
    ['a double that is cut off', [...key, 18, 8, 33, 0, 0, 0, 0, 0, 0, 0xf0]],
    ['a string longer than its value', [...key, 18, 3, 10, 2, 0x61]],
    ['a value longer than the field', [...key, 18, 3, 24, 1]],
    ['a key longer than the field', [10, 20, 0x6b]],
  ])('is refused: %s', (_, field) => {
    expect(() => decodeBytes('traces', requestOf(sized(74, field)))).toThrow(DecodeError)
    expect(() => decodeBytes('traces', requestOf(padded(field)))).toThrow(DecodeError)
  })

  it('is not read beyond the span that it is in', () => {
    const field = sized(74, [...key, 18, 2, 24, 1])
    const span = [...sized(10, traceId), ...sized(18, spanId), ...field.subarray(0, -1)]
    const after = [...field.subarray(-1), ...sized(18, [])]
    expect(() => decodeBytes('traces', sized(10, sized(18, [...sized(18, span), ...after])))).toThrow(DecodeError)
  })

  it('keeps every byte, at every length', () => {
    for (let length = 0; length <= 600; length += length < 140 ? 1 : 23) {
      const text = Buffer.from(Array.from({ length }, (_, i) => 33 + ((i * 37) % 90)))
      const value = sized(10, text)
      const found = spansWith(sized(74, [...key, ...sized(18, value)]))
      expect(found).toContain(`k${Buffer.from([...numberOfKeys(1), ...sizedText(text)]).toString('latin1')}`)
      expect(spansWith(sized(74, [...sized(10, text), ...sized(18, sized(10, Buffer.from('v')))]))).toContain(
        Buffer.from(sizedText(text)).toString('latin1'),
      )
    }
  })
})

/** Behind the keys of a map: how many indexes there are, and the one index. */
function numberOfKeys(count: number): number[] {
  return [count, 0, 0, 0, 0, 0, 0, 0, 0]
}

function sizedText(text: Uint8Array): Uint8Array {
  return sized(0, text).subarray(1)
}
