import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { retryDetails } from '@burstlet/otlp/export-response'
import { compressions } from '../bodies/export-request.ts'
import type { IngestError } from '../bodies/ingest-error.ts'

const head: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': compressions.join(),
}

/** Answers a call with a message, and status 0. */
export function answerMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed || stream.headersSent) return
  const frame = Buffer.alloc(5 + message.length)
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, 5)
  stream.respond(head, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(frame)
}

/** Answers a call with an error: code and message, and for one that passes also when to come again. */
export function answerError(stream: ServerHttp2Stream, { grpcStatus, message, retryAfter }: IngestError): void {
  if (stream.destroyed || stream.headersSent) return
  const details = retryAfter === undefined ? undefined : Buffer.from(retryDetails(grpcStatus, message, retryAfter))
  stream.respond(
    {
      ...head,
      'grpc-status': String(grpcStatus),
      'grpc-message': percentEncoded(message),
      ...(details && { 'grpc-status-details-bin': details.toString('base64').replace(/=+$/, '') }),
    },
    { endStream: true },
  )
  // The rest of the message, if any is to come, is not waited for; the answer is complete all the same.
  stream.close()
}

/** As gRPC over HTTP/2 has it: every byte of UTF-8 that is not printable ASCII, and the percent sign. */
function percentEncoded(text: string): string {
  return Array.from(Buffer.from(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x25
      ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('')
}
