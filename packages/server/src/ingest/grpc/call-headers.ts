import { constants, type IncomingHttpHeaders } from 'node:http2'
import type { Signal } from '@burstlet/otlp/signal'
import { acceptedCompressions, type Compression, compressions } from '../bodies/export-request.ts'
import { grpcCode, IngestError } from '../bodies/ingest-error.ts'
import { signalOf } from './services.ts'

/** What a call says before its message. */
export interface CallHeaders {
  readonly signal: Signal
  readonly compression: Compression
}

const unitMs: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 }
/** The longest that a timer takes. */
const longestMs = 2 ** 31 - 1

/** Whether this is a gRPC call at all; else it is answered as HTTP. @returns the HTTP status to answer with */
export function httpStatusOf(headers: IncomingHttpHeaders): 200 | 405 | 415 {
  if (headers[':method'] !== constants.HTTP2_METHOD_POST) return 405
  return /^application\/grpc(?:$|[+;])/.test(headers['content-type'] ?? '') ? 200 : 415
}

/** @throws IngestError for a method or a coding that there is not */
export function readCallHeaders(headers: IncomingHttpHeaders): CallHeaders {
  const signal = signalOf(headers[':path'])
  if (!signal) throw unimplemented(`There is no method ${String(headers[':path']).slice(0, 200)}.`)
  const encoding = String(headers['grpc-encoding'] ?? 'identity')
  const compression = compressions.find((each) => each === encoding)
  if (!compression) {
    throw unimplemented(`grpc-encoding "${encoding.slice(0, 50)}" is not known; send ${acceptedCompressions}.`)
  }
  return { signal, compression }
}

/** Milliseconds that the client waits; undefined when it says nothing. */
export function timeoutOf(headers: IncomingHttpHeaders): number | undefined {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(String(headers['grpc-timeout'] ?? '')) ?? []
  if (digits === undefined || unit === undefined) return undefined
  return Math.min(Number(digits) * unitMs[unit]!, longestMs)
}

function unimplemented(message: string): IngestError {
  return new IngestError(415, grpcCode.unimplemented, message)
}
