import { Agent, type ClientRequest, request } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { costlyBodies } from '@burstlet/testkit/fuzz/costly-bodies'

/** What somebody may do to a server, until `signal` says that it is enough. Loopback only. */
export interface Attack {
  readonly name: string
  /** Makes what it needs; only then do others begin. */
  readonly prepare?: () => void
  readonly run: (addresses: { otlpHttp: string; otlpGrpc: string }, signal: AbortSignal) => Promise<void>
}

/** Another peer than those who behave. */
const attacker = '127.0.0.2'
const nothing = Buffer.alloc(0)
const connections = 4
const streams = 60
const megabyte = 1_000_000

/** Streams that announce 20 MB, and send a piece of it now and then, and never end. */
async function endlessStreams({ otlpGrpc }: { otlpGrpc: string }, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(otlpGrpc)
  const sessions: ClientHttp2Session[] = []
  const head = Buffer.alloc(5)
  head.writeUInt32BE(20 * megabyte, 1)
  for (let i = 0; i < connections; i++) {
    const session = connect(otlpGrpc, {
      maxSessionMemory: 1000,
      createConnection: () => connectSocket({ host: hostname, port: Number(port), localAddress: attacker }),
    }).on('error', () => {})
    sessions.push(session)
    for (let j = 0; j < streams; j++) {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
        'content-type': 'application/grpc',
        te: 'trailers',
      })
      stream.on('error', () => {}).resume()
      stream.write(Buffer.concat([head, Buffer.alloc(megabyte)]))
      const more = setInterval(() => stream.writable && stream.write(Buffer.alloc(megabyte)), 2000)
      stream.on('close', () => clearInterval(more))
    }
  }
  await over(signal)
  for (const session of sessions) session.destroy()
}

/** Bodies over HTTP that announce 20 MB, and come a kilobyte at a time. */
async function slowBodies({ otlpHttp }: { otlpHttp: string }, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(otlpHttp)
  const sockets = Array.from({ length: 500 }, () => {
    const socket = connectSocket({ host: hostname, port: Number(port), localAddress: attacker }).on('error', () => {})
    socket.write(
      `POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${20 * megabyte}\r\n\r\n`,
    )
    const more = setInterval(() => socket.writable && socket.write(Buffer.alloc(1000, ' ')), 500)
    return socket.on('close', () => clearInterval(more)).resume()
  })
  await over(signal)
  for (const socket of sockets) socket.destroy()
}

/** One body, compressed, again and again over eight connections; each is another one. */
function bodiesOf(name: string, bytes: number): Attack {
  const { signal: kind, encoding, content } = costlyBodies.find((body) => body.name === name)!
  let sent = Buffer.alloc(0)
  return {
    name: `${name}, gzip`,
    prepare() {
      // Level 1, which stays below what a body may become.
      sent = gzipSync(content(bytes), { level: 1 })
    },
    async run({ otlpHttp }, signal) {
      const path = `/v1/${kind}`
      const headers = {
        'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
        'content-encoding': 'gzip',
      }
      const agent = new Agent({ keepAlive: true, localAddress: attacker })
      let number = 0
      const send = async () => {
        while (!signal.aborted) {
          // A second member that holds nothing, and zeros: the bytes are others, the content is the same.
          const body = Buffer.concat([sent, gzipSync(nothing), Buffer.alloc(1 + (number++ % 1000))])
          await answered(request(new URL(path, otlpHttp), { method: 'POST', headers, agent, signal }), body)
        }
      }
      await Promise.all(Array.from({ length: 8 }, send))
      agent.destroy()
    },
  }
}

function answered(outgoing: ClientRequest, body: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    outgoing.on('response', (incoming) => incoming.on('close', resolve).resume()).on('error', () => resolve())
    outgoing.end(body)
  })
}

const over = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))

export const attacks: readonly Attack[] = [
  { name: 'none', run: (_addresses, signal) => over(signal) },
  { name: 'gRPC streams without end', run: endlessStreams },
  { name: 'slow bodies', run: slowBodies },
  bodiesOf('empty resources in JSON', 60 * megabyte),
  bodiesOf('unknown brackets without end in JSON', 60 * megabyte),
  bodiesOf('white space in JSON', 60 * megabyte),
  bodiesOf('empty resources', 60 * megabyte),
  bodiesOf('events of empty attributes', 60 * megabyte),
  bodiesOf('points that differ in one attribute', 27 * megabyte),
  bodiesOf('spans of errors', 30 * megabyte),
]
