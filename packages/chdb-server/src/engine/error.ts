/** An error as ClickHouse tells it: its code, its name, its text without "Code: N. DB::Exception: ". */
export class EngineError extends Error {
  readonly code: number
  readonly type: string

  constructor(code: number, type: string, text: string) {
    super(text)
    this.name = 'EngineError'
    this.code = code
    this.type = type
  }

  /** From the library's text, `Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version …)`. */
  static fromMessage(message: string): EngineError {
    const found = /^Code: (\d+)\. DB::Exception: (.*?) ?\(([A-Z0-9_]+)\)(?: \(version [^)]*\))?\s*$/s.exec(message)
    if (found === null) return new EngineError(1002, 'UNKNOWN_EXCEPTION', message)
    return new EngineError(Number(found[1]), found[3]!, found[2]!)
  }

  /** The same error for a text that began `offset` bytes later than the one the engine had. */
  shiftPosition(offset: number): EngineError {
    // A text that a function parses has its own positions. Then there is a scope, which the statement's own faults come before.
    if (this.message.includes(': In scope ')) return this
    const earlier = (_: string, before: string, at: string) => `${before}${Number(at) - offset}`
    const text = this.message.replace(/(failed at position )(\d+)/, earlier).replace(/(\(line 1, col )(\d+)/, earlier)
    return new EngineError(this.code, this.type, text)
  }

  /** The line that ClickHouse's HTTP interface sends. */
  format(version: string): string {
    return `Code: ${this.code}. DB::Exception: ${this.message} (${this.type}) (version ${version} (official build))\n`
  }
}

// As ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp maps them.
const badRequest = [
  6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676,
]
const notFound = [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511]
const status = new Map<number, number>([
  ...badRequest.map((code): [number, number] => [code, 400]),
  ...notFound.map((code): [number, number] => [code, 404]),
  [194, 401], // REQUIRED_PASSWORD
  [192, 403], // UNKNOWN_USER
  [193, 403], // WRONG_PASSWORD
  [497, 403], // ACCESS_DENIED
  [512, 403], // SET_NON_GRANTED_ROLE
  [516, 403], // AUTHENTICATION_FAILED
  [159, 408], // TIMEOUT_EXCEEDED
  [381, 411], // HTTP_LENGTH_REQUIRED
  [229, 413], // QUERY_IS_TOO_LARGE
  [779, 415], // UNSUPPORTED_MEDIA_TYPE
  [48, 501], // NOT_IMPLEMENTED
  [76, 503], // CANNOT_OPEN_FILE
  [209, 503], // SOCKET_TIMEOUT
  [439, 503], // CANNOT_SCHEDULE_TASK
  // Ours: ClickHouse answers 500 here, but a full queue is the client's cue to come back later.
  [202, 503], // TOO_MANY_SIMULTANEOUS_QUERIES
])

export function httpStatus(code: number): number {
  return status.get(code) ?? 500
}
