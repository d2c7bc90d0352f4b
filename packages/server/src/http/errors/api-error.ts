import type { ErrorCode, ProblemError } from '@burstlet/contract/errors'
import { FilterError } from '@burstlet/query-language/filter'

/** An answer that is not a success, on purpose: the handler makes it the problem of RFC 9457. `detail` is shown to the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly errors: readonly ProblemError[] | undefined

  constructor(code: ErrorCode, detail: string, errors?: readonly ProblemError[]) {
    super(detail)
    this.code = code
    this.errors = errors
  }
}

/** One parameter or field is at fault. */
export function invalid(path: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${path}: ${message}`, [{ path, message }])
}

/** A fault in a text of the query language. @param path of the field that holds the text */
export function faultOf(path: string, { message, column, hint }: FilterError): ProblemError {
  return { path, message, column, ...(hint !== undefined && { hint }) }
}

/** What `read` gives. @throws ApiError VALIDATION_ERROR naming `path` when the text is at fault */
export function withPath<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw new ApiError('VALIDATION_ERROR', `${path}: ${error.message}`, [faultOf(path, error)])
  }
}
