import { GrowingBytes } from './growing-bytes.ts'
import type { Encoding, Signal } from './signal.ts'

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
  appendMessageField(outer, 1, inner)
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

/**
 * A google.rpc.Status that says when to send again, in a google.rpc.RetryInfo: what gRPC carries as
 * `grpc-status-details-bin`.
 * @param seconds whole seconds from now
 */
export function retryDetails(grpcCode: number, message: string, seconds: number): Uint8Array {
  const duration = new GrowingBytes()
  appendCount(duration, seconds)
  const retryInfo = new GrowingBytes()
  appendMessageField(retryInfo, 1, duration)
  const any = new GrowingBytes()
  appendTextField(any, 1, 'type.googleapis.com/google.rpc.RetryInfo')
  appendMessageField(any, 2, retryInfo)
  const status = new GrowingBytes()
  appendCount(status, grpcCode)
  appendTextField(status, 2, message)
  appendMessageField(status, 3, any)
  return status.bytes.slice(0, status.length)
}

function appendMessageField(bytes: GrowingBytes, number: number, message: GrowingBytes): void {
  bytes.appendVarint((number << 3) | 2)
  bytes.appendSized(message.bytes, 0, message.length)
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
