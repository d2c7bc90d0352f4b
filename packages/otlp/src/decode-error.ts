/** A body that is not what its encoding says: the whole request is refused (400, not retryable). */
export class DecodeError extends Error {
  override readonly name: string = 'DecodeError'
}

/** A body that can be read, and holds more than a request may (413, not retryable). */
export class TooLargeError extends DecodeError {
  override readonly name = 'TooLargeError'
}
