import type { Encoding, Signal } from '@burstlet/otlp/signal'
import type { Sender } from './sender-budgets.ts'

/** Codings of a request body, by the names that gRPC's `grpc-encoding` has for them. */
export const compressions = ['identity', 'gzip', 'deflate', 'zstd', 'snappy', 'lz4'] as const
export type Compression = (typeof compressions)[number]

/** The other names that `Content-Encoding` has for them: old ones, and those of the Collector. */
const alsoCalled: Readonly<Record<string, Compression>> = {
  'x-gzip': 'gzip',
  zlib: 'deflate',
  'x-snappy-framed': 'snappy',
}

/** For whoever sent something else. */
export const acceptedCompressions = compressions.join(', ')
export const acceptedContentCodings = [...compressions, ...Object.keys(alsoCalled)].join(', ')

/** The coding that a name stands for; undefined for one that is not known. */
export function compressionNamed(name: string): Compression | undefined {
  return (
    compressions.find((compression) => compression === name) ??
    (Object.hasOwn(alsoCalled, name) ? alsoCalled[name] : undefined)
  )
}

/** One Export request as it arrived, whichever protocol brought it. */
export interface ExportRequest {
  readonly signal: Signal
  readonly encoding: Encoding
  readonly compression: Compression
  /** The body as it was sent, still compressed. Threads pass it on uncopied if its memory is shared. */
  readonly body: Uint8Array
  /** The tenant whose data it is. */
  readonly space: string
  /** Name of the ingest key that it came with, for the counters; never the key itself. */
  readonly key: string
  /** Unset for what the server itself sends. */
  readonly sender?: Sender
}

/** What a client is told of a request that is stored. */
export interface ExportResult {
  /** Items that were left out. */
  readonly rejected: number
  /** Why; empty when none was. */
  readonly message: string
}
