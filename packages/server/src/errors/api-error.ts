import type { ErrorCode } from '@burstlet/contract/errors'

/** An answer that is not a success, on purpose: the handler makes it the problem of RFC 9457. `detail` is shown to the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly errors: readonly { path: string; message: string }[] | undefined

  constructor(code: ErrorCode, detail: string, errors?: readonly { path: string; message: string }[]) {
    super(detail)
    this.code = code
    this.errors = errors
  }
}

/** One parameter or field is at fault. */
export function invalid(path: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${path}: ${message}`, [{ path, message }])
}
