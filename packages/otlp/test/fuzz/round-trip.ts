import type { Signal } from '@burstlet/testkit/captures'
import { type ExportRequest, exportRequests } from '@burstlet/testkit/fuzz/export-requests'
import { jsonForm } from '@burstlet/testkit/fuzz/json-form'
import { keptItems } from '@burstlet/testkit/fuzz/kept-items'
import { seeded } from '@burstlet/testkit/fuzz/random'
import { wireForm } from '@burstlet/testkit/fuzz/wire-form'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import fc from 'fast-check'
import { AnnouncedRows } from '../../src/announced-rows.ts'
import { addRequest, beginBatch, encodeBatch } from '../../src/decode.ts'
import type { Engine } from '../engine/engine.ts'
import { stored } from '../engine/stored.ts'
import { receivedNanos } from '../requests.ts'

/** A request, and which of the many ways to write it is used. */
type Written = readonly [request: ExportRequest, form: 'protobuf' | 'wire' | 'json', dialect: number]

export interface RoundTripOptions {
  /** The same seed makes the same requests again. */
  readonly seed: number
  /** Batches; each is one insert. */
  readonly batches: number
  /** In a batch, at most. */
  readonly requests: number
}

/** What was sent and came back. */
export interface RoundTripCounts {
  requests: number
  items: number
  rejected: number
}

const definitions = otlpDefinitions()
let spaces = 0

/**
 * Random requests through the decoder into the engine, and out of it again as OTLP/JSON: what comes back is what the
 * official definitions say was sent, less what the rules reject.
 * @throws Error with the smallest batch that shows the difference, and the seed
 */
export async function roundTrip(engine: Engine, signal: Signal, options: RoundTripOptions): Promise<RoundTripCounts> {
  const counts: RoundTripCounts = { requests: 0, items: 0, rejected: 0 }
  const written: fc.Arbitrary<Written> = fc.tuple(
    exportRequests[signal],
    fc.constantFrom('protobuf', 'wire', 'json'),
    fc.integer(),
  )
  const batch = fc.array(written, { minLength: 1, maxLength: options.requests, size: 'max' })
  await fc.assert(
    fc.asyncProperty(batch, (requests) => sendAndCompare(engine, signal, requests, counts)),
    { seed: options.seed, numRuns: options.batches, interruptAfterTimeLimit: 10 * 60_000 },
  )
  return counts
}

async function sendAndCompare(
  engine: Engine,
  signal: Signal,
  requests: readonly Written[],
  counts: RoundTripCounts,
): Promise<void> {
  const space = `round-trip-${++spaces}`
  const type = exportRequestType(definitions, signal)
  const wanted: string[] = []
  beginBatch({ announced: new AnnouncedRows() })
  for (const [request, form, dialect] of requests) {
    const random = seeded(dialect)
    const protobuf = type.encode(type.fromObject(request)).finish()
    const body = form === 'wire' ? wireForm(type, protobuf, random) : protobuf
    const kept = keptItems(signal, type.toObject(type.decode(body), { longs: String }))
    const result =
      form === 'json'
        ? addRequest(space, signal, 'json', Buffer.from(jsonForm(type, request, random)), receivedNanos)
        : addRequest(space, signal, 'protobuf', body, receivedNanos)
    if (result.accepted !== kept.items.length || result.rejected !== kept.rejected) {
      throw new Error(
        `${result.accepted} accepted and ${result.rejected} rejected (${result.message}), ` +
          `not ${kept.items.length} and ${kept.rejected}`,
      )
    }
    wanted.push(...kept.items)
    counts.requests++
    counts.items += result.accepted
    counts.rejected += result.rejected
  }
  await engine.insert(encodeBatch().blocks)
  mustEqual(normalItems(signal, await stored(engine, signal, space)), wanted.sort())
}

function mustEqual(found: readonly string[], wanted: readonly string[]): void {
  for (let i = 0; i < Math.max(found.length, wanted.length); i++) {
    if (found[i] === wanted[i]) continue
    throw new Error(
      `${found.length} came back of ${wanted.length}. The first that differs was\n${wanted[i]}\nand is\n${found[i]}`,
    )
  }
}
