import { describe, expect, it } from 'vitest'
import { decode, span, string } from './requests.ts'

/** Whether a block of one span has this text as the attributes of its event. */
function eventText(pairs: readonly (readonly [string, string])[]): string {
  const attributes = pairs.map(([key, value]) => string(key, value))
  const { blocks } = decode('traces', [span({ events: [{ name: 'e', attributes }] })])
  const block = Buffer.from(blocks.find(({ table }) => table === 'spans')!.bytes)
  // Behind the column's header and the end of its only row: the length of the text, and the text.
  const header = Buffer.from('\x11events.attributes\x0dArray(String)')
  const start = block.indexOf(header) + header.length + 8
  const long = block[start]! > 0x7f
  const length = long ? (block[start]! & 0x7f) | (block[start + 1]! << 7) : block[start]!
  const text = start + (long ? 2 : 1)
  return block.subarray(text, text + length).toString()
}

const many = (count: number) => Array.from({ length: count }, (_, i) => [`key${i}`, `value${i}`] as const)

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
      'the same key to escape again',
      [
        ['ä', '1'],
        ['b', '2'],
        ['ä', '3'],
        ['ä', '4'],
      ],
    ],
    [
      'long values',
      [
        ['a', 'x'.repeat(200)],
        ['b', 'y'.repeat(100)],
      ],
    ],
    ['many', many(200)],
    ['many, twice', [...many(100), ...many(50)]],
    ['none', []],
  ] as [string, [string, string][]][])('are what JSON makes of them: %s', (_, pairs) => {
    const expected = new Map<string, string>()
    for (const [key, value] of pairs) {
      expected.delete(key)
      expected.set(key, value)
    }
    // Members by hand, since an object would put keys like "1" first.
    const members = [...expected].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
    expect(eventText(pairs)).toBe(members.length === 0 ? '' : `{${members.join(',')}}`)
  })
})
