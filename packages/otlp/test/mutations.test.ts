import { bodyEncoding, captures, plainBody } from '@burstlet/testkit/captures'
import { describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { decodeRequest } from '../src/decode.ts'
import { DecodeError } from '../src/decode-error.ts'
import type { Encoding, Signal } from '../src/signal.ts'

const mutations = 6000
const small = captures().filter((capture) => plainBody(capture).length < 6000)

describe('broken bodies', () => {
  it('give a DecodeError or are decoded, never anything else', () => {
    const random = mulberry32(20_261_123)
    const outcomes = { decoded: 0, refused: 0 }
    for (let i = 0; i < mutations; i++) {
      const capture = small[Math.floor(random() * small.length)]!
      const body = mutate(plainBody(capture), random)
      outcomes[attempt(capture.signal, bodyEncoding(capture), body)]++
    }
    expect(outcomes.decoded).toBeGreaterThan(mutations / 100)
    expect(outcomes.refused).toBeGreaterThan(mutations / 100)
  })

  it('leave nothing behind that the next request would feel', () => {
    const whole = captures().find(({ file }) => file === 'go-sdk/004.traces.http-protobuf.bin')!
    const body = plainBody(whole)
    const before = decodeAgain(body)
    for (let cut = 1; cut < body.length; cut += 97) {
      expect(() => decodeAgain(body.subarray(0, body.length - cut))).toThrow(DecodeError)
    }
    expect(decodeAgain(body)).toEqual(before)
  })
})

const context = { space: 'default', receivedNanos: 1_795_420_000_000_000_000n }

function decodeAgain(body: Uint8Array) {
  return decodeRequest('traces', 'protobuf', body, { ...context, announced: new AnnouncedRows() })
}

function attempt(signal: Signal, encoding: Encoding, body: Uint8Array): 'decoded' | 'refused' {
  try {
    const { blocks } = decodeRequest(signal, encoding, body, { ...context, announced: new AnnouncedRows() })
    for (const { bytes } of blocks) expect(bytes.length).toBeGreaterThan(0)
    return 'decoded'
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    return 'refused'
  }
}

/** Flips, cuts, copies or drops a few bytes. */
function mutate(original: Uint8Array, random: () => number): Uint8Array {
  let body = Uint8Array.from(original)
  const at = () => Math.floor(random() * body.length)
  for (let times = 1 + Math.floor(random() * 3); times > 0 && body.length > 0; times--) {
    const kind = Math.floor(random() * 5)
    if (kind === 0) body[at()]! ^= 1 << Math.floor(random() * 8)
    else if (kind === 1) body[at()] = Math.floor(random() * 256)
    else if (kind === 2) body = body.slice(0, at())
    else if (kind === 3) body.copyWithin(at(), at(), at())
    else {
      const hole = at()
      body = Uint8Array.from([...body.subarray(0, hole), ...body.subarray(hole + 1 + Math.floor(random() * 8))])
    }
  }
  return body
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
