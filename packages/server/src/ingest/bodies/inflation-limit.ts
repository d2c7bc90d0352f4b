import { grpcCode, IngestError } from './ingest-error.ts'

/** How often a body may be larger than what was sent. Batches of identical records reach 100; what is made to be large, 1,000 and more. */
const maxTimes = 256
/** A body may always become as large as this. */
const alwaysBytes = 4 * 1024 * 1024

/** Bytes that `sentBytes` may become when they are inflated. */
export function inflationLimit(sentBytes: number, maxBodyBytes: number): number {
  return Math.min(maxBodyBytes, Math.max(alwaysBytes, sentBytes * maxTimes))
}

/** For a body that would become larger than `inflationLimit`. */
export function inflatesTooFar(sentBytes: number, maxBodyBytes: number): IngestError {
  const limit = inflationLimit(sentBytes, maxBodyBytes)
  const why = limit < maxBodyBytes ? `, which is what ${sentBytes} bytes may become` : ''
  return new IngestError(
    413,
    grpcCode.resourceExhausted,
    `The body is larger than ${limit} bytes when it is inflated${why}; send smaller batches.`,
  )
}
