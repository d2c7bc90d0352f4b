import { z } from 'zod'

/**
 * Every error that the API answers: code -> HTTP status and meaning. The first four are the specification's.
 * The body is RFC 9457 `application/problem+json`, see {@link problem}.
 */
export const errorTable = {
  VALIDATION_ERROR: { status: 400, title: 'The request is not valid' },
  HEALTH_CHECK_ERROR: { status: 503, title: 'A health check could not be run' },
  COLLECTION_ERROR: { status: 500, title: 'Metrics could not be collected' },
  ALERT_ERROR: { status: 500, title: 'An alert could not be evaluated or sent' },
  UNAUTHENTICATED: { status: 401, title: 'A key or a session is needed' },
  FORBIDDEN: { status: 403, title: 'The key or the session does not allow this' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed here' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request came too slowly' },
  CONFLICT: { status: 409, title: 'The change conflicts with what is stored' },
  PRECONDITION_FAILED: { status: 412, title: 'The stored version is not the one named by If-Match' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The content type or encoding is not supported' },
  MISDIRECTED_REQUEST: { status: 421, title: 'The Host of the request is not served here' },
  QUERY_LIMIT: { status: 422, title: 'The query needs more than one query may use' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  INTERNAL_ERROR: { status: 500, title: 'The server failed' },
  UNAVAILABLE: { status: 503, title: 'A part of the server is not available; try again' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errorTable

export const errorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]])

export const problemError = z.object({
  path: z.string().describe('The parameter or field at fault'),
  message: z.string(),
  column: z.number().int().optional().describe('Where in the text of a filter, formula or SQL it is, from 1'),
  hint: z.string().optional().describe('What may have been meant'),
})
export type ProblemError = z.infer<typeof problemError>

/** The body of every answer that is not a success. */
export const problem = z
  .object({
    type: z.string().describe('A URI reference of the kind of problem; about:blank when the code says it all'),
    title: z.string().describe('The same for every problem of a code'),
    status: z.number().int(),
    code: errorCode,
    detail: z.string().describe('What went wrong this time, for a person'),
    errors: z.array(problemError).optional(),
    requestId: z.string().describe('Also in the log of the server'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
