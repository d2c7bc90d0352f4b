import type { Encoding, Signal } from './decode.ts'
import { GrowingBytes } from './native/growing-bytes.ts'

const rejectedNames = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
} as const

const encoder = new TextEncoder()

/**
 * The Export*ServiceResponse to a request that was taken, in the request's encoding. `partial_success` is left out when
 * nothing was rejected and there is nothing to say, as the specification asks.
 */
export function encodeExportResponse(
  signal: Signal,
  encoding: Encoding,
  rejected: number,
  message: string,
): Uint8Array {
  const partial = rejected > 0 || message !== ''
  if (encoding === 'json') {
    // An int64 is a string in the JSON mapping.
    const partialSuccess = { [rejectedNames[signal]]: String(rejected), errorMessage: message }
    return encoder.encode(JSON.stringify(partial ? { partialSuccess } : {}))
  }
  if (!partial) return new Uint8Array(0)
  const inner = new GrowingBytes()
  appendCount(inner, rejected)
  appendTextField(inner, 2, message)
  const outer = new GrowingBytes()
  outer.appendVarint(10)
  outer.appendSized(inner.bytes, 0, inner.length)
  return outer.bytes.slice(0, outer.length)
}

/**
 * A google.rpc.Status, which is the body of every answer other than 2xx. `grpcCode` is one of google.rpc.Code, for
 * example 3 INVALID_ARGUMENT.
 */
export function encodeStatus(encoding: Encoding, grpcCode: number, message: string): Uint8Array {
  if (encoding === 'json') return encoder.encode(JSON.stringify({ code: grpcCode, message }))
  const status = new GrowingBytes()
  appendCount(status, grpcCode)
  appendTextField(status, 2, message)
  return status.bytes.slice(0, status.length)
}

function appendCount(bytes: GrowingBytes, count: number): void {
  if (count === 0) return
  bytes.appendVarint(8)
  bytes.appendVarint(count)
}

function appendTextField(bytes: GrowingBytes, number: number, text: string): void {
  if (text === '') return
  bytes.appendVarint((number << 3) | 2)
  bytes.appendText(text)
}
