import type { Signal } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { type Decoded, decodeRequest } from '../src/decode.ts'
import type { Engine } from './engine/engine.ts'

export const definitions = otlpDefinitions()
/** Now, with digits below the microsecond: the tables drop what was received longer ago than they keep it. */
export const receivedNanos = BigInt(Date.now()) * 1_000_000n + 456_789n
export const time = '1795420000000000001'
export const traceId = Uint8Array.from({ length: 16 }, (_, i) => i + 1)
export const spanId = Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1)
let spaces = 0

/** A field of a wire type that has a length. */
export function sized(tag: number, bytes: Iterable<number>): Uint8Array<ArrayBuffer> {
  const content = Uint8Array.from(bytes)
  const length: number[] = []
  for (let rest = content.length; length.length === 0 || rest > 0; rest >>>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
  }
  return Uint8Array.from([tag, ...length, ...content])
}

export function string(key: string, stringValue: string) {
  return { key, value: { stringValue } }
}

export function span(fields: object): object {
  return { traceId, spanId, name: 's', kind: 1, startTimeUnixNano: time, endTimeUnixNano: time, ...fields }
}

const names = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const

export function request(signal: Signal, items: object[]): object {
  const [groups, scopes, list] = names[signal]
  const resource = { attributes: [string('service.name', 'shop')] }
  return { [groups]: [{ resource, [scopes]: [{ scope: { name: 'test' }, [list]: items }] }] }
}

export function encode(signal: Signal, items: object[]): Uint8Array {
  const type = exportRequestType(definitions, signal)
  return type.encode(type.fromObject(request(signal, items))).finish()
}

export function decode(signal: Signal, items: object[]): Decoded {
  return decodeBytes(signal, encode(signal, items))
}

export function decodeBytes(signal: Signal, body: Uint8Array, space = 'default'): Decoded {
  return decodeRequest(signal, 'protobuf', body, { space, receivedNanos, announced: new AnnouncedRows() })
}

/** Decodes items into a space of their own and inserts what comes of it. */
export async function store(engine: Engine, signal: Signal, items: object[]) {
  const space = `space-${++spaces}`
  const decoded = decodeBytes(signal, encode(signal, items), space)
  await engine.insert(decoded.blocks)
  return { space, decoded, request: request(signal, items) }
}

export function rows(
  engine: Engine,
  select: string,
  table: string,
  space: string,
  order = '1',
): Promise<Record<string, unknown>[]> {
  return engine.rows(`SELECT ${select} FROM ${table} WHERE space = '${space}' ORDER BY ${order}`)
}
