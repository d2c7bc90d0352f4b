import { describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { unboundedAttributes } from '../src/attribute-limits.ts'
import { addRequest, beginBatch, encodeBatch } from '../src/decode.ts'
import { DecodeError, TooLargeError } from '../src/decode-error.ts'
import { Decoder } from '../src/decoder/decoder.ts'
import { encode, receivedNanos, span, string } from './requests.ts'

class FaultyRows extends AnnouncedRows {
  override has(): boolean {
    throw new Error('out of order')
  }
}

const body = encode('traces', [span({ attributes: [string('a', 'b')] })])
const context = () => ({ announced: new AnnouncedRows() })

function decodeWhole() {
  beginBatch(context())
  addRequest('default', 'traces', 'protobuf', body, receivedNanos)
  return encodeBatch().blocks.map(({ table, bytes }) => [table, Buffer.from(bytes).toString('latin1')])
}

describe('a fault while a request is decoded', () => {
  it('costs that batch, and no other', () => {
    const before = decodeWhole()
    beginBatch({ announced: new FaultyRows() })
    expect(() => addRequest('default', 'traces', 'protobuf', body, receivedNanos)).toThrow('out of order')
    expect(() => encodeBatch()).toThrow('there is no batch')
    expect(decodeWhole()).toEqual(before)
  })

  it('is not one when the body is broken: the instance stays', () => {
    const decoder = new Decoder()
    const first = decoder.begin()
    const broken = body.subarray(0, body.length - 1)
    expect(() => decoder.run((instance) => instance.addRequest(0, broken, receivedNanos))).toThrow(DecodeError)
    expect(decoder.begin()).toBe(first)
    const fault = () => {
      throw new Error('fault')
    }
    expect(() => decoder.run(fault)).toThrow('fault')
    expect(decoder.begin()).not.toBe(first)
  })
})

describe('the memory', () => {
  it('is as large as a module may have, and then the request is too large', () => {
    const decoder = new Decoder()
    const first = decoder.begin()
    expect(() => decoder.run(({ exports }) => exports.bodyAddress(2_000_000_000))).toThrow(TooLargeError)
    expect(decoder.begin()).not.toBe(first)
  })

  const large = encode('logs', [{ body: { stringValue: 'x'.repeat(30_000_000) } }])
  const small = encode('logs', [{ body: { stringValue: 'x' } }])

  it('grows with a large body, and is given back after some small ones', () => {
    const decoder = new Decoder()
    const heldAfter = (content: Uint8Array) => {
      decoder.begin().beginBatch(unboundedAttributes)
      decoder.noteBody(content.length)
      return decoder.run((instance) => {
        instance.addRequest(1, content, receivedNanos)
        instance.exports.numberLogs(1, 0, 22)
        decoder.noteBlocks(instance.encode())
        return instance.heldBytes
      })
    }
    const held = heldAfter(large)
    expect(held).toBeGreaterThan(90_000_000)
    expect(heldAfter(small)).toBe(held)
    for (let batch = 0; batch < 40; batch++) heldAfter(small)
    expect(heldAfter(small)).toBeLessThan(4_000_000)
  })
})
