import type { MostAttributes } from '@burstlet/otlp/attribute-limits'
import type { Rejection } from '@burstlet/otlp/decoder/rejections'
import type { MostSeries } from '@burstlet/otlp/series-limits'
import type { ExportRequest, ExportResult } from '../bodies/export-request.ts'
import type { SealedGeneration } from './layout.ts'

/** What telemetry may be; beyond, items are rejected. */
export interface IngestLimits {
  readonly attributes: MostAttributes
  readonly series: MostSeries
}

/** What a worker is started with. */
export interface WorkerOptions {
  readonly root: string
  readonly worker: number
  /** Number of its first generation. */
  readonly generation: number
  /** Largest body after decompression. */
  readonly maxBodyBytes: number
  /** Milliseconds after which a generation is sealed. */
  readonly sealAfterMs: number
  /** Shared by all workers; see `RecordIds`. */
  readonly recordIds: SharedArrayBuffer
  /** Those of the decoder when unset. */
  readonly limits?: IngestLimits
}

/** A request on its way to a worker. */
export interface WorkerRequest extends Omit<ExportRequest, 'key' | 'body' | 'sender'> {
  readonly kind: 'request'
  readonly id: number
  readonly body: Uint8Array
  /** Number of the connection that it came over; 0 for what the server itself sends. */
  readonly sender: number
  /** What tells this body from others. */
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
}

/** `stop` seals the open generation and ends the worker. */
export type ToWorker = WorkerRequest | { readonly kind: 'stop' }

/** What is known of a request that is stored. */
export interface Stored extends ExportResult {
  readonly accepted: number
  readonly rejections: readonly Rejection[]
  readonly untimed: boolean
}

/** An `IngestError` in a form that can be sent between threads. */
export interface Failure {
  readonly httpStatus: number
  readonly grpcStatus: number
  readonly message: string
  readonly retryAfter: number | undefined
  /** For the server's own log; unset when the client is to blame. */
  readonly cause: string | undefined
}

export type Answer = { readonly id: number } & ({ readonly stored: Stored } | { readonly failure: Failure })

export type FromWorker =
  | { readonly kind: 'answers'; readonly answers: readonly Answer[]; readonly openBytes: number }
  | { readonly kind: 'sealed'; readonly generation: SealedGeneration }
