import { describe, expect, it } from 'vitest'
import { BlockOutput } from '../native/block-output.ts'
import { GrowingBytes } from '../native/growing-bytes.ts'
import { StringColumn } from '../native/string-columns.ts'
import { ProtobufReader } from '../protobuf/reader.ts'
import { AttributesText } from './attributes-text.ts'

describe('attributes as text', () => {
  it.each([
    ['one string', [['key', 'value']]],
    [
      'several strings',
      [
        ['a', '1'],
        ['b', ''],
        ['', 'c'],
      ],
    ],
    [
      'keys of one length',
      [
        ['ab', '1'],
        ['ac', '2'],
        ['bb', '3'],
      ],
    ],
    ['a quote', [['a', 'say "x"']]],
    ['a backslash', [['a', 'C:\\x']]],
    ['a line end', [['a', 'one\ntwo']]],
    ['DEL', [['a', '\u007f']]],
    ['a text beyond ASCII', [['a', 'grün']]],
    ['a key to escape', [['a"b', 'c']]],
    [
      'something to escape after what is not',
      [
        ['a', 'b'],
        ['c', '\\'],
        ['d', 'e'],
      ],
    ],
    [
      'the same key again',
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
    ],
    [
      'long values',
      [
        ['a', 'x'.repeat(200)],
        ['b', 'y'.repeat(100)],
      ],
    ],
    ['more than are compared', Array.from({ length: 20 }, (_, i) => [`key${i}`, `value${i}`])],
  ] as [string, [string, string][]][])('are what JSON makes of them: %s', (_, pairs) => {
    const attributes = collected(pairs)
    const expected = new Map<string, string>()
    for (const [key, value] of pairs) {
      expected.delete(key)
      expected.set(key, value)
    }
    // Members by hand, since an object would put keys like "1" first.
    const members = [...expected].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
    const json = `{${members.join(',')}}`
    expect(appended(attributes)).toBe(json)
    expect(appended(attributes)).toBe(json)
    expect(attributes.text()).toBe(json)
    for (const [key, value] of expected) expect(attributes.string(key)).toBe(value)
    expect(attributes.string('absent')).toBe('')
  })

  it('are nothing when there are none, and after clear', () => {
    const attributes = collected([['a', 'b']])
    attributes.clear()
    expect(appended(attributes)).toBe('')
    expect(attributes.string('a')).toBe('')
  })
})

function collected(pairs: readonly (readonly [string, string])[]): AttributesText {
  const body = new GrowingBytes()
  for (const [key, value] of pairs) {
    const inner = new GrowingBytes()
    inner.push(10)
    inner.appendText(value)
    const field = new GrowingBytes()
    field.push(10)
    field.appendText(key)
    field.push(18)
    field.appendSized(inner.bytes, 0, inner.length)
    body.appendSized(field.bytes, 0, field.length)
  }
  const reader = new ProtobufReader()
  reader.open(body.bytes.slice(0, body.length))
  const attributes = new AttributesText()
  attributes.clear()
  while (reader.more) attributes.add(reader)
  return attributes
}

function appended(attributes: AttributesText): string {
  const column = new StringColumn()
  attributes.appendTo(column)
  const output = new BlockOutput().begin(column.byteLength())
  column.write(output)
  const bytes = output.written()
  const long = bytes[0]! > 0x7f
  return new TextDecoder().decode(bytes.subarray(long ? 2 : 1))
}
