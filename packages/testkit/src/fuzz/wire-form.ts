import { type Field, Type } from 'protobufjs'
import { below, oneOf, type Random } from './random.ts'

interface WireField {
  readonly number: number
  readonly wireType: number
  /** Without its tag, and without the length that a sized one begins with. */
  readonly content: Uint8Array
}

const varintWire = 0
const fixed64 = 1
const sizedWire = 2
const fixed32 = 5

const unknownFields: readonly Uint8Array[] = [
  [0xc0, 0x3e, 0x96, 0x01],
  [0xc1, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8],
  [0xc2, 0x3e, 3, 0xff, 0, 10],
  [0xc5, 0x3e, 1, 2, 3, 4],
  // A group with a group in it.
  [0xc3, 0x3e, 0x0b, 0x10, 1, 0x0c, 0xc4, 0x3e],
].map((bytes) => Uint8Array.from(bytes))

/**
 * The same message in other bytes: fields in another order, lengths longer than they need to be, lists not packed, an
 * earlier value of a field that a later one replaces, and fields that nobody knows.
 */
export function wireForm(type: Type, bytes: Uint8Array, random: Random): Uint8Array {
  const fields = split(bytes)
  const parts: Uint8Array[] = []
  for (const field of shuffled(fields, random)) {
    if (random() < 0.03) parts.push(oneOf(random, unknownFields))
    parts.push(...written(type.fieldsById[field.number], field, random))
  }
  return Buffer.concat(parts)
}

function written(known: Field | undefined, field: WireField, random: Random): Uint8Array[] {
  const { number, wireType, content } = field
  if (known?.resolvedType instanceof Type) return [sized(number, wireForm(known.resolvedType, content, random), random)]
  if (wireType === sizedWire && known?.repeated && known.type === 'double' && random() < 0.3)
    return unpacked(number, content)
  const own = wireType === sizedWire ? sized(number, content, random) : Buffer.concat([tag(number, wireType), content])
  if (known === undefined || known.repeated || random() > 0.03) return [own]
  return [earlier(number, wireType), own]
}

/** A value that does not count, since another of the same field follows. */
function earlier(number: number, wireType: number): Uint8Array {
  const contents: Record<number, number[]> = {
    [varintWire]: [1],
    [fixed64]: [1, 2, 3, 4, 5, 6, 7, 8],
    [sizedWire]: [3, 97, 98, 99],
    [fixed32]: [1, 2, 3, 4],
  }
  return Buffer.concat([tag(number, wireType), Uint8Array.from(contents[wireType] ?? [])])
}

function unpacked(number: number, content: Uint8Array): Uint8Array[] {
  const values: Uint8Array[] = []
  for (let at = 0; at < content.length; at += 8) {
    values.push(Buffer.concat([tag(number, fixed64), content.subarray(at, at + 8)]))
  }
  return values
}

/** Moves fields; those of one number stay in their order, since a list has one. */
function shuffled(fields: readonly WireField[], random: Random): WireField[] {
  const slots = fields.map(({ number }) => number)
  if (random() < 0.5) {
    for (let i = slots.length - 1; i > 0; i--) {
      const j = below(random, i + 1)
      const moved = slots[i]!
      slots[i] = slots[j]!
      slots[j] = moved
    }
  }
  const byNumber = Map.groupBy(fields, ({ number }) => number)
  return slots.map((number) => byNumber.get(number)!.shift()!)
}

function split(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]!
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const head = varint()
    const wireType = head & 7
    const start = at
    if (wireType === varintWire) while (bytes[at++]! > 0x7f);
    else if (wireType === sizedWire) {
      const length = varint()
      at += length
      fields.push({ number: head >>> 3, wireType, content: bytes.subarray(at - length, at) })
      continue
    } else at += wireType === fixed64 ? 8 : 4
    fields.push({ number: head >>> 3, wireType, content: bytes.subarray(start, at) })
  }
  return fields
}

function sized(number: number, content: Uint8Array, random: Random): Uint8Array {
  return Buffer.concat([tag(number, sizedWire), varintBytes(content.length, random() < 0.05 ? 1 : 0), content])
}

function tag(number: number, wireType: number): Uint8Array {
  return varintBytes((number << 3) | wireType, 0)
}

/** @param more bytes than it needs, which say nothing */
function varintBytes(value: number, more: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  for (let i = 0; i < more; i++) {
    bytes[bytes.length - 1]! |= 0x80
    bytes.push(0)
  }
  return Uint8Array.from(bytes)
}
