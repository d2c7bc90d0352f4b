/** A body that is not what its encoding says: the whole request is refused (400, not retryable). */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}
