import type { Socket } from 'node:net'
import { encodeStatus } from '@burstlet/otlp/export-response'
import { grpcCode } from './status.ts'

const answers = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', grpcCode.unavailable, 'The request came too slowly.'],
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    grpcCode.resourceExhausted,
    'The headers are too large.',
  ],
} as const

const otherwise = ['400 Bad Request', grpcCode.invalidArgument, 'This is not an HTTP request.'] as const

/** Answers what never became a request, in the form of every other answer, and closes. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, code, message] = answers[error.code as keyof typeof answers] ?? otherwise
  const body = Buffer.from(encodeStatus('json', code, message))
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  socket.end(Buffer.concat([Buffer.from(head), body]))
  // Whoever does not read it must not hold the socket.
  socket.setTimeout(1000, () => socket.destroy())
}
