/** `google.rpc.Code`, the numbers that OTLP answers carry. */
export const grpcCode = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const

/** An answer other than 200; the message is for the person who reads the client's log. */
export class IngestError extends Error {
  override readonly name = 'IngestError'
  readonly httpStatus: number
  readonly grpcStatus: number
  /** Seconds after which the same body may be sent again; unset when it never should be. */
  readonly retryAfter: number | undefined

  constructor(httpStatus: number, grpcStatus: number, message: string, retryAfter?: number) {
    super(message)
    this.httpStatus = httpStatus
    this.grpcStatus = grpcStatus
    this.retryAfter = retryAfter
  }
}

/** A body in a coding that is not known; the answer lists those that are. */
export class UnknownCoding extends IngestError {
  constructor(message: string) {
    super(415, grpcCode.invalidArgument, message)
  }
}

export const undecodable = (message: string) => new IngestError(400, grpcCode.invalidArgument, message)
export const unsupported = (message: string) => new IngestError(415, grpcCode.invalidArgument, message)
export const tooLarge = (limit: number) =>
  new IngestError(413, grpcCode.resourceExhausted, `The body is larger than ${limit} bytes; send smaller batches.`)
export const tooMany = (message: string) => new IngestError(413, grpcCode.resourceExhausted, message)
export const overloaded = (message: string, retryAfter = 1) =>
  new IngestError(503, grpcCode.unavailable, message, retryAfter)
export const unauthenticated = (message: string) => new IngestError(401, grpcCode.unauthenticated, message)
export const forbidden = (message: string) => new IngestError(403, grpcCode.permissionDenied, message)
export const tooSlow = () => new IngestError(408, grpcCode.unavailable, 'The request came too slowly.')
