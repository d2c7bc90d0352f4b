import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { serviceOf } from '../src/ingest/grpc/services.ts'

/** What came of a call: its status, message and all other fields of headers and trailers. */
export interface CallResult {
  readonly status: number
  readonly message: string
  readonly fields: Readonly<Record<string, string>>
}

/** A connection of a gRPC client that does as it likes. @param from the local address that it comes from */
export function openSession(address: string, from?: string): ClientHttp2Session {
  const { hostname, port } = new URL(address)
  const session = connect(address, {
    // Of what waits to be sent, in megabytes; beyond, Node's client ends its own streams.
    maxSessionMemory: 1000,
    createConnection: () =>
      connectSocket({ host: hostname, port: Number(port), ...(from && { localAddress: from }) }).on('error', () => {}),
  })
  return session.on('error', () => {})
}

/** Begins a call of Export. @param signal what it is of */
export function openCall(
  session: ClientHttp2Session,
  headers: Record<string, string> = {},
  signal: Parameters<typeof serviceOf>[0] = 'logs',
): { stream: ClientHttp2Stream; result: Promise<CallResult> } {
  const stream = session.request({
    ':method': 'POST',
    ':path': serviceOf(signal).export.path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  const fields: Record<string, string> = {}
  const collect = (some: object) => Object.assign(fields, some)
  const result = new Promise<CallResult>((resolve) => {
    stream
      .on('response', collect)
      .on('trailers', collect)
      .on('error', () => {})
    stream.on('close', () =>
      resolve({
        status: Number(fields['grpc-status'] ?? -1),
        message: decodeURIComponent(fields['grpc-message'] ?? ''),
        fields,
      }),
    )
  })
  stream.resume()
  return { stream, result }
}

/** A message in its frame. @param length what the frame says of it */
export function frame(message: Uint8Array, flag = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5)
  head[0] = flag
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, message])
}
