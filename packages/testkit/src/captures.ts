import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync, inflateSync } from 'node:zlib'

/** Absolute path of the folder of request bodies; its README.md says what is in it. */
export const capturesFolder = fileURLToPath(new URL('../captures/', import.meta.url))

export type Signal = 'traces' | 'logs' | 'metrics'

/** An AnyValue in OTLP/JSON form. */
export type AnyValueJson = Record<string, unknown>

interface Request {
  /** Path of the raw body, relative to `capturesFolder`. */
  readonly file: string
  readonly signal: Signal
  readonly path: string
  readonly contentType: string
  readonly contentEncoding: 'gzip' | 'deflate' | null
}

/** A request that a real client sent, and what a right decoder finds in it. */
export interface Capture extends Request {
  readonly transport: 'http' | 'grpc'
  readonly chunked?: boolean
  readonly grpcEncoding?: string
  readonly sdk: string
  readonly sdkVersion: string
  readonly userAgent: string
  readonly note?: string
  readonly expect: CaptureExpectation
}

export interface CaptureExpectation {
  readonly services: readonly string[]
  readonly spans?: number
  readonly dataPoints?: number
  readonly logRecords?: number
  readonly distinctTraces?: number
  readonly traceIds?: readonly string[]
  readonly spansByKind?: Readonly<Record<string, number>>
  readonly spansByStatus?: Readonly<Record<string, number>>
  readonly events?: number
  readonly links?: number
  readonly bySeverityNumber?: Readonly<Record<string, number>>
  readonly withTraceId?: number
  readonly exemplars?: number
  readonly metrics?: readonly MetricExpectation[]
  readonly sample?: Sample
}

export interface MetricExpectation {
  readonly name: string
  readonly unit: string
  readonly type: string
  readonly temporality?: number
  readonly monotonic?: boolean
  readonly points: number
  readonly sample: Sample
}

/** Fields of one span, log record or point; `attributes` may leave some out, `attributeCount` is exact. */
export interface Sample extends Readonly<Record<string, unknown>> {
  readonly attributes?: Readonly<Record<string, AnyValueJson>>
  readonly attributeCount?: number
}

/** A hand-made request and the answers that are right for it. */
export interface EdgeCase extends Request {
  readonly method?: string
  /** The HTTP status of the main answer. */
  readonly status: number
  readonly expect: EdgeExpectation
  readonly alternatives?: readonly { readonly status: number; readonly expect: EdgeExpectation }[]
  /** The whole request in OTLP/JSON form, as the official definitions decode it. */
  readonly decoded?: Record<string, unknown>
}

export interface EdgeExpectation {
  readonly accepted: number
  readonly rejected: number
  readonly note?: string
  readonly acceptedSpanIds?: readonly string[]
  readonly effectiveTimeUnixNano?: string
}

/** Every capture of `captures/manifest.json`. All of them are accepted in full. */
export function captures(): readonly Capture[] {
  return JSON.parse(readFileSync(`${capturesFolder}manifest.json`, 'utf8')) as Capture[]
}

/** Every edge case of `captures/edge/manifest.json`, `file` made relative to `capturesFolder`. */
export function edgeCases(): readonly EdgeCase[] {
  const entries = JSON.parse(readFileSync(`${capturesFolder}edge/manifest.json`, 'utf8')) as EdgeCase[]
  return entries.map((entry) => ({ ...entry, file: `edge/${entry.file}` }))
}

/** The body exactly as it was sent, still compressed where `contentEncoding` says so. */
export function rawBody(request: Request): Uint8Array {
  return readFileSync(capturesFolder + request.file)
}

/** The body after decompression. Throws where the compressed stream is broken (some edge cases are). */
export function plainBody(request: Request): Uint8Array {
  const raw = rawBody(request)
  if (request.contentEncoding === 'gzip') return gunzipSync(raw)
  if (request.contentEncoding === 'deflate') return inflateSync(raw)
  return raw
}

/** The OTLP encoding that the content type names. */
export function bodyEncoding(request: Request): 'protobuf' | 'json' {
  return request.contentType.startsWith('application/json') ? 'json' : 'protobuf'
}
