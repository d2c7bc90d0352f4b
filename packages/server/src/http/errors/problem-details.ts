import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { type ErrorCode, errorTable, type Problem, type ProblemError } from '@burstlet/contract/errors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerSocket, statusOfClientError } from './answer-socket.ts'
import { ApiError } from './api-error.ts'
import { validationErrors } from './validation.ts'

const contentType = 'application/problem+json; charset=utf-8'

/**
 * Makes every failure of `app` an `application/problem+json` (RFC 9457) with a code of the contract's table. What was
 * not meant for the caller is logged under the request's id and answered as INTERNAL_ERROR without a word of it.
 * @param explain what the parts below the API throw, where that is meant for the caller
 */
export function problemDetails(app: FastifyInstance, explain: ExplainError = () => undefined): void {
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, { code: 'NOT_FOUND', detail: `There is no ${request.method} ${pathOf(request.url)}.` }),
  )
  app.setErrorHandler((error, request, reply) => {
    // Whoever asked has gone away, and what was asked on their behalf was ended.
    if (reply.raw.destroyed) return reply.hijack()
    const failure = failureOf(explain(error as Error, request) ?? (error as FastifyError))
    if (errorTable[failure.code].status >= 500) request.log.error({ err: error }, failure.detail)
    if (failure.code === 'UNAVAILABLE' || failure.code === 'RATE_LIMITED') reply.header('retry-after', '1')
    return send(request, reply, failure)
  })
}

export type ExplainError = (error: Error, request: FastifyRequest) => ApiError | undefined

interface Failure {
  readonly code: ErrorCode
  readonly detail: string
  readonly errors?: readonly ProblemError[] | undefined
}

function failureOf(error: FastifyError | ApiError): Failure {
  if (error instanceof ApiError) return { code: error.code, detail: error.message, errors: error.errors }
  if (isFullDisk(error)) return { code: 'UNAVAILABLE', detail: 'The disk is full; nothing was changed.' }
  // V8 reads JSON of any depth; what walks over it afterwards does not.
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack size')) {
    return { code: 'VALIDATION_ERROR', detail: 'The request is nested too deeply.' }
  }
  // PostgreSQL has no text with a NUL character.
  if (error.code === '22021') {
    return { code: 'VALIDATION_ERROR', detail: 'The request has a character that cannot be stored.' }
  }
  const errors = validationErrors(error)
  if (errors) {
    return { code: 'VALIDATION_ERROR', detail: errors.map((e) => `${e.path}: ${e.message}`).join('; '), errors }
  }
  return ofFastify(error)
}

/** SQLite's SQLITE_FULL, and the file system's own. */
function isFullDisk(error: Error): boolean {
  const { code, errcode } = error as { code?: string; errcode?: number }
  return code === 'ENOSPC' || (code === 'ERR_SQLITE_ERROR' && errcode === 13)
}

/** Fastify's own refusals (body too large, broken JSON, wrong type) have a status below 500 and a message for the caller. */
function ofFastify(error: FastifyError): Failure {
  const status = error.statusCode
  if (status === undefined || status < 400 || status >= 500) {
    return { code: 'INTERNAL_ERROR', detail: 'The server failed. Its log says more under this request id.' }
  }
  const code = codeByStatus.get(status) ?? 'VALIDATION_ERROR'
  return { code, detail: error.code?.startsWith('FST_') ? error.message : errorTable[code].title }
}

const codeByStatus = new Map<number, ErrorCode>([
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [405, 'METHOD_NOT_ALLOWED'],
  [408, 'REQUEST_TIMEOUT'],
  [409, 'CONFLICT'],
  [412, 'PRECONDITION_FAILED'],
  [413, 'PAYLOAD_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [421, 'MISDIRECTED_REQUEST'],
  [429, 'RATE_LIMITED'],
  [431, 'HEADERS_TOO_LARGE'],
])

/** Answers what never became a request as a problem too, and closes. */
export function answerClientProblem(error: Error & { code?: string }, socket: Socket): void {
  const code = codeByStatus.get(statusOfClientError(error)) ?? 'VALIDATION_ERROR'
  const { status, title } = errorTable[code]
  const detail = status === 400 ? 'This is not an HTTP request.' : title
  const body: Problem = { type: 'about:blank', title, status, code, detail, requestId: randomUUID() }
  answerSocket(socket, error, { status, contentType, body: JSON.stringify(body) })
}

function send(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, title } = errorTable[failure.code]
  const body: Problem = {
    type: 'about:blank',
    title,
    status,
    code: failure.code,
    detail: failure.detail.slice(0, 2000),
    ...(failure.errors && { errors: [...failure.errors] }),
    requestId: String(request.id),
  }
  // Sent as text, since a schema of the route would otherwise be asked to serialise it.
  return reply.code(status).type(contentType).send(JSON.stringify(body))
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!.slice(0, 200)
}
