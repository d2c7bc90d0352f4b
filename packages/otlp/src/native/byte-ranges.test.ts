import { describe, expect, it } from 'vitest'
import { copyRange, isSameRange } from './byte-ranges.ts'

const source = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) & 0xff)

describe('ranges of bytes', () => {
  it('are copied whole and nothing beside them, at every length and offset', () => {
    for (let length = 0; length <= 200; length++) {
      for (const [start, at] of [
        [0, 0],
        [3, 5],
        [50, 1],
      ] as const) {
        const target = new Uint8Array(260).fill(0xee)
        copyRange(new DataView(target.buffer), at, source, start, start + length)
        const expected = new Uint8Array(260).fill(0xee)
        expected.set(source.subarray(start, start + length), at)
        expect(target).toEqual(expected)
      }
    }
  })

  it('are the same only when every byte is', () => {
    for (let length = 0; length <= 40; length++) {
      const other = Uint8Array.from(source)
      const view = new DataView(other.buffer)
      expect(isSameRange(view, 7, source, 7, 7 + length)).toBe(true)
      for (let i = 0; i < length; i++) {
        other[7 + i]! ^= 0x80
        expect(isSameRange(view, 7, source, 7, 7 + length)).toBe(false)
        other[7 + i]! ^= 0x80
      }
    }
  })

  it('are read from the part of a buffer that the source is', () => {
    const target = new Uint8Array(10)
    copyRange(new DataView(target.buffer), 0, source.subarray(100), 0, 10)
    expect(target).toEqual(source.slice(100, 110))
  })
})
