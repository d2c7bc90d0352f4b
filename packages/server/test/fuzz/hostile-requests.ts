import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { bodyEncoding, captures, edgeCases, plainBody, type Signal } from '@burstlet/testkit/captures'
import { exportRequests } from '@burstlet/testkit/fuzz/export-requests'
import { jsonForm } from '@burstlet/testkit/fuzz/json-form'
import { mutateBytes, mutateJson, randomBytes } from '@burstlet/testkit/fuzz/mutations'
import { below, oneOf, type Random, seeded } from '@burstlet/testkit/fuzz/random'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import fc from 'fast-check'

/** One request, over whichever protocol. */
export interface HostileRequest {
  readonly signal: Signal
  readonly encoding: 'protobuf' | 'json'
  readonly compression: 'identity' | 'gzip' | 'deflate' | 'zstd'
  /** As it goes over the wire, compressed. */
  readonly body: Uint8Array
  /** What was done to it, for the table. */
  readonly kind: Kind
}

/** How often each is chosen. */
const weights = {
  whole: 10,
  'bytes changed': 45,
  'JSON changed': 25,
  'compressed bytes changed': 8,
  'random bytes': 8,
  bomb: 1,
} as const

type Kind = keyof typeof weights
const kinds = Object.entries(weights).flatMap(([kind, weight]) => Array<Kind>(weight).fill(kind as Kind))

interface Seed {
  readonly signal: Signal
  readonly encoding: 'protobuf' | 'json'
  readonly body: Uint8Array
}

const definitions = otlpDefinitions()
const signals: readonly Signal[] = ['traces', 'logs', 'metrics']
const generatedOfEach = 60
const bombBytes = 70_000_000

/** Makes requests that are broken in many ways; the same ones for the same seed, whatever came before. */
export class HostileRequests {
  readonly #seed: number
  readonly #seeds: readonly Seed[]
  readonly #bombs = [gzipSync, deflateSync, zstdCompressSync].map((compress) => compress(Buffer.alloc(bombBytes)))

  constructor(seed: number) {
    this.#seed = seed
    this.#seeds = [...captured(), ...signals.flatMap((signal) => generated(signal, seed))]
  }

  request(number: number): HostileRequest {
    const random = seeded(this.#seed * 1_000_003 + number)
    const { signal, encoding, body } = oneOf(random, this.#seeds)
    const other = oneOf(random, this.#seeds).body
    const kind = oneOf(random, kinds)
    const compression = oneOf(random, ['identity', 'identity', 'gzip', 'deflate', 'zstd'] as const)
    switch (kind) {
      case 'whole':
        return { signal, encoding, compression, kind, body: compressed(compression, body) }
      case 'bytes changed':
        return { signal, encoding, compression, kind, body: compressed(compression, mutateBytes(body, other, random)) }
      case 'JSON changed': {
        const text = Buffer.from(mutateJson(asJson(signal, encoding, body, random), random))
        return { signal, encoding: 'json', compression, kind, body: compressed(compression, text) }
      }
      case 'compressed bytes changed': {
        const coded = compressed(compression, body)
        return { signal, encoding, compression, kind, body: mutateBytes(coded, other, random) }
      }
      case 'random bytes':
        return { signal, encoding, compression, kind, body: randomBytes(random, below(random, 2000)) }
      case 'bomb': {
        const which = below(random, this.#bombs.length)
        return { signal, encoding, compression: codings[which]!, kind, body: this.#bombs[which]! }
      }
    }
  }
}

const codings = ['gzip', 'deflate', 'zstd'] as const

function captured(): Seed[] {
  const edges = edgeCases().filter(({ status, contentEncoding }) => status !== 405 && contentEncoding === null)
  const small = [...captures(), ...edges].filter((capture) => plainBody(capture).length < 30_000)
  return small.map((capture) => ({
    signal: capture.signal,
    encoding: bodyEncoding(capture),
    body: plainBody(capture),
  }))
}

function generated(signal: Signal, seed: number): Seed[] {
  const type = exportRequestType(definitions, signal)
  return fc
    .sample(exportRequests[signal], { seed, numRuns: generatedOfEach })
    .map((request) => ({ signal, encoding: 'protobuf', body: type.encode(type.fromObject(request)).finish() }))
}

function asJson(signal: Signal, encoding: 'protobuf' | 'json', body: Uint8Array, random: Random): string {
  if (encoding === 'json') return Buffer.from(body).toString()
  const type = exportRequestType(definitions, signal)
  try {
    return jsonForm(type, type.toObject(type.decode(body), { longs: String }), random)
  } catch {
    // Some of the edge cases are no messages.
    return '{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}'
  }
}

function compressed(compression: HostileRequest['compression'], body: Uint8Array): Uint8Array {
  if (compression === 'gzip') return gzipSync(body, { level: 1 })
  if (compression === 'deflate') return deflateSync(body, { level: 1 })
  return compression === 'zstd' ? zstdCompressSync(body) : body
}
