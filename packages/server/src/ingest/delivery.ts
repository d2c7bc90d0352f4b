import type { Encoding, Signal } from '@burstlet/otlp/signal'
import type { Sender } from './sender-budgets.ts'

/** Content codings of a request body; gRPC's `grpc-encoding` has the same names. */
export const compressions = ['identity', 'gzip', 'deflate', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** For whoever sent something else. */
export const acceptedCompressions = compressions.join(', ')

/** One Export request as it arrived, whichever protocol brought it. */
export interface Delivery {
  readonly signal: Signal
  readonly encoding: Encoding
  readonly compression: Compression
  /** The body as it was sent, still compressed. Threads pass it on uncopied if its memory is shared. */
  readonly body: Uint8Array
  /** Name of the ingest key that it came with, for the counters; never the key itself. */
  readonly key: string
  /** Unset for what the server itself sends. */
  readonly sender?: Sender
}

/** What a client is told of a request that is stored. */
export interface Outcome {
  /** Items that were left out. */
  readonly rejected: number
  /** Why; empty when none was. */
  readonly message: string
}
