import type { ErrorCode } from '@burstlet/contract/errors'
import { ApiError } from '../http/errors/api-error.ts'
import { IngestError } from './bodies/ingest-error.ts'

const codes = new Map<number, ErrorCode>([
  [413, 'PAYLOAD_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [429, 'RATE_LIMITED'],
  [503, 'UNAVAILABLE'],
])

/** What a route of the API throws where ingest refused what it was handed; all else as it is. */
export function apiErrorOfIngest(error: unknown): unknown {
  if (!(error instanceof IngestError) || error.httpStatus === 500) return error
  return new ApiError(codes.get(error.httpStatus) ?? 'VALIDATION_ERROR', error.message)
}
