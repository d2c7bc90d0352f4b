import { Readable } from 'node:stream'
import { AnnouncedRows } from '@burstlet/otlp/announced-rows'
import { decodeRequest } from '@burstlet/otlp/decode'
import type { Signal } from '@burstlet/otlp/signal'
import type { TestEngine } from '../test-engine.ts'

/** Stores an export request in OTLP/JSON as the server would, whole. */
export async function insertOtlp(engine: TestEngine, signal: Signal, request: object): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(request))
  const receivedNanos = BigInt(Date.now()) * 1_000_000n
  const { blocks, rejected, message } = decodeRequest(signal, 'json', body, {
    space: 'default',
    announced: new AnnouncedRows(),
    receivedNanos,
  })
  if (rejected > 0) throw new Error(message)
  for (const { table, bytes } of blocks) {
    const { stream } = await engine.writer.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([Buffer.from(bytes)]),
    })
    for await (const _ of stream) {
      // An answer that is not read keeps its connection.
    }
  }
}

export interface AnyValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: string
  doubleValue?: number
  bytesValue?: string
  arrayValue?: { values: AnyValue[] }
  kvlistValue?: { values: KeyValue[] }
}

export interface KeyValue {
  key: string
  value: AnyValue
}

/** What a test writes: bigint for an int, number for a double. */
export type Plain = string | boolean | bigint | number | null | Plain[] | { [key: string]: Plain }

export function anyValueOf(value: Plain): AnyValue {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } }
  return { kvlistValue: { values: attributesOf(value) } }
}

export function attributesOf(values: Readonly<Record<string, Plain>>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValueOf(value) }))
}
