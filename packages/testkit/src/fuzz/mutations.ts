import { below, oneOf, type Random } from './random.ts'

/** A body with some bytes flipped, set, lost, copied or put in; or cut; or with a piece of `other` in it. */
export function mutateBytes(original: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let body: Uint8Array = Uint8Array.from(original)
  for (let times = 1 + below(random, 4); times > 0 && body.length > 0; times--) {
    body = oneOf(random, byteMutations)(body, other, random)
  }
  return body
}

type ByteMutation = (body: Uint8Array, other: Uint8Array, random: Random) => Uint8Array

const byteMutations: readonly ByteMutation[] = [
  (body, _other, random) => withByte(body, below(random, body.length), (byte) => byte ^ (1 << below(random, 8))),
  (body, _other, random) => withByte(body, below(random, body.length), () => oneOf(random, edges)),
  (body, _other, random) => body.slice(0, below(random, body.length)),
  (body, _other, random) => {
    const at = below(random, body.length)
    return Buffer.concat([body.subarray(0, at), body.subarray(at + 1 + below(random, 8))])
  },
  (body, _other, random) => {
    const at = below(random, body.length)
    const from = below(random, body.length)
    return Buffer.concat([body.subarray(0, at), body.subarray(from, from + below(random, 40)), body.subarray(at)])
  },
  (body, other, random) =>
    Buffer.concat([body.subarray(0, below(random, body.length)), other.subarray(below(random, other.length + 1))]),
  (body, _other, random) => {
    const at = below(random, body.length)
    return Buffer.concat([body.subarray(0, at), randomBytes(random, 1 + below(random, 16)), body.subarray(at)])
  },
]

/** Bytes that lengths, tags and texts end or begin with. */
const edges = [0, 1, 2, 8, 10, 18, 0x22, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xed, 0xff]

/** OTLP/JSON text with values, names and structure changed: mostly still JSON. */
export function mutateJson(text: string, random: Random): string {
  let body = text
  for (let times = 1 + below(random, 4); times > 0; times--) body = mutateOneToken(body, random)
  return body
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\}/g
const replacements = [
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '-0',
  '1.5',
  '9007199254740993',
  '18446744073709551616',
  '1e21',
  '"NaN"',
  '""',
  '"-Infinity"',
  '"0x10"',
  '" 1"',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":1}',
  '"__proto__"',
  '"1e3"',
  '"STATUS_CODE_ERROR"',
  '"zz"',
  '[null]',
  '{"stringValue":1}',
  `"${'f'.repeat(32)}"`,
  '[[[[[[{"a":[]}]]]]]]',
]

function mutateOneToken(body: string, random: Random): string {
  const tokens = [...body.matchAll(token)]
  if (tokens.length === 0) return body
  const { index, 0: found } = oneOf(random, tokens)
  const other = oneOf(random, tokens)[0]
  return (
    body.slice(0, index) + (random() < 0.3 ? other : oneOf(random, replacements)) + body.slice(index + found.length)
  )
}

export function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256))
}

function withByte(body: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  body[at] = change(body[at]!)
  return body
}
