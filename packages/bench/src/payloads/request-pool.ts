import { randomFillSync } from 'node:crypto'
import type { Signal } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'

/** Requests to send: encoded before the clock starts, made different from each other as they are taken. */
export interface RequestPool {
  readonly signal: Signal
  /** Spans, log records or points in each request. */
  readonly itemsPerRequest: number
  /** A body that was never sent before; costs a copy and a few random bytes. */
  next(): Uint8Array
}

/** Stands in each trace id, so that its place in the encoded bytes is found again; the rest of the id is its number. */
const mark = Buffer.from('b0b5f00dcafe', 'hex')

const definitions = otlpDefinitions()

/**
 * @param build makes the request as an object; trace ids come from `markedTraceId`
 * @param distinct how many different templates are encoded
 */
export function requestPool(
  signal: Signal,
  itemsPerRequest: number,
  build: (index: number) => object,
  distinct = 32,
): RequestPool {
  const type = exportRequestType(definitions, signal)
  const templates = Array.from({ length: distinct }, (_, index) => {
    const bytes = Buffer.from(type.encode(type.fromObject(build(index))).finish())
    return { bytes, marks: positionsOf(mark, bytes) }
  })
  let taken = 0
  return {
    signal,
    itemsPerRequest,
    next() {
      const template = templates[taken++ % templates.length]
      if (!template) throw new Error('the pool is empty')
      const body = Buffer.from(template.bytes)
      // The same six bytes for every id of a request, so that spans of one trace stay together.
      const fresh = randomFillSync(Buffer.allocUnsafe(mark.length))
      for (const position of template.marks) fresh.copy(body, position)
      return body
    },
  }
}

/** A 16-byte trace id that differs in each request and is the same for equal `number` within one. */
export function markedTraceId(number: number): Buffer {
  const id = Buffer.alloc(16)
  mark.copy(id)
  randomFillSync(id, 6, 6)
  id.writeUInt32BE(number, 12)
  return id
}

function positionsOf(needle: Buffer, bytes: Buffer): number[] {
  const positions: number[] = []
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) positions.push(at)
  return positions
}
