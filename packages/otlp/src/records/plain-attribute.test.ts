import { describe, expect, it } from 'vitest'
import { BOOL, DOUBLE, INT, STRING } from '../any-value.ts'
import { ProtobufReader } from '../protobuf/reader.ts'
import { PlainAttribute } from './plain-attribute.ts'

const key = [10, 1, 0x6b]

describe('a plain attribute', () => {
  it.each([
    ['a string', [10, 2, 0x61, 0x62], STRING, 8, 10],
    ['an empty string', [10, 0], STRING, 8, 8],
    ['an int', [24, 5], INT, 5, 0],
    ['an int of two bytes', [24, 0xac, 0x02], INT, 300, 0],
    ['an int of four bytes', [24, 0xff, 0xff, 0xff, 0x7f], INT, 0x0fffffff, 0],
    ['a bool', [16, 1], BOOL, 1, 0],
    ['false', [16, 0], BOOL, 0, 0],
    ['a double', [33, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf], DOUBLE, 0, 0xbff00000 | 0],
  ])('is read: %s', (_, value, type, first, second) => {
    const { plain, reader, isRead } = read([...key, 18, value.length, ...value])
    expect(isRead).toBe(true)
    expect(plain).toMatchObject({ keyStart: 3, keyEnd: 4, type, first, second })
    expect(reader.more).toBe(false)
  })

  it.each([
    ['an int of five bytes', [...key, 18, 6, 24, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['an int that does not end', [...key, 18, 2, 24, 0x80]],
    ['an int that ends early', [...key, 18, 3, 24, 0x01, 0x01]],
    ['a bool of two bytes', [...key, 18, 3, 16, 0x80, 0x01]],
    ['a double that is cut off', [...key, 18, 8, 33, 0, 0, 0, 0, 0, 0, 0xf0]],
    ['a string shorter than its value', [...key, 18, 4, 10, 1, 0x61, 0x61]],
    ['a string longer than its value', [...key, 18, 3, 10, 2, 0x61]],
    ['a string longer than the field', [...key, 18, 2, 10, 2, 0x61, 0x61]],
    ['an array', [...key, 18, 2, 42, 0]],
    ['two values', [...key, 18, 2, 24, 1, 18, 2, 24, 1]],
    ['the value first', [18, 2, 24, 1, ...key]],
    ['no value', key],
    ['an empty value', [...key, 18, 0]],
    ['a field after the value', [...key, 18, 2, 24, 1, 24, 1]],
  ])('is not: %s', (_, field) => {
    const { reader, isRead } = read(field)
    expect(isRead).toBe(false)
    expect(reader.position).toBe(0)
  })

  it('is not what goes beyond the limit', () => {
    const field = [...key, 18, 2, 24, 1]
    const reader = new ProtobufReader()
    reader.open(Uint8Array.from([field.length, ...field, 0, 0]))
    reader.limit = field.length
    expect(new PlainAttribute().read(reader)).toBe(false)
  })
})

function read(field: readonly number[]) {
  const reader = new ProtobufReader()
  reader.open(Uint8Array.from([field.length, ...field]))
  const plain = new PlainAttribute()
  return { plain, reader, isRead: plain.read(reader) }
}
