import type { Socket } from 'node:net'
import { encodeStatus } from '@burstlet/otlp/export-response'
import { answerSocket, statusOfClientError } from '../../http/errors/answer-socket.ts'
import { grpcCode } from '../bodies/ingest-error.ts'

const answers = {
  400: [grpcCode.invalidArgument, 'This is not an HTTP request.'],
  408: [grpcCode.unavailable, 'The request came too slowly.'],
  431: [grpcCode.resourceExhausted, 'The headers are too large.'],
} as const

/** Answers what never became a request, in the form of every other answer, and closes. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  const status = statusOfClientError(error)
  const [code, message] = answers[status]
  answerSocket(socket, error, { status, contentType: 'application/json', body: encodeStatus('json', code, message) })
}
