import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** Whoever does not read the answer must not hold the socket. */
const readMs = 1000

/** What the parser of HTTP says of what never became a request, as a status. */
export function statusOfClientError(error: { readonly code?: string }): 400 | 408 | 431 {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
}

/** Answers what never became a request, and closes. */
export function answerSocket(
  socket: Socket,
  error: { readonly code?: string },
  { status, contentType, body }: { status: number; contentType: string; body: string | Uint8Array },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const bytes = Buffer.from(body)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\n\r\n`
  socket.end(Buffer.concat([Buffer.from(head), bytes]))
  socket.setTimeout(readMs, () => socket.destroy())
}
