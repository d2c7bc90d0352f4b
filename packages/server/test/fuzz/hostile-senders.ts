import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import type { Signal } from '@burstlet/testkit/captures'
import { below, type Random } from '@burstlet/testkit/fuzz/random'
import { exportResponseType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { serviceOf } from '../../src/ingest/grpc/services.ts'
import type { HostileRequest } from './hostile-requests.ts'

/** What came of a request: a short word for the table, and what is wrong with the answer, if anything. */
export interface Verdict {
  readonly outcome: string
  readonly fault: string | undefined
}

const definitions = otlpDefinitions()
/** Answers that a body alone may bring about. 503 is for when too much is on its way. */
const httpAnswers = new Set([200, 400, 413, 415, 503])
/** OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL of the transport, UNAVAILABLE. */
const grpcAnswers = new Set([0, 3, 8, 12, 13, 14])
const ownFailure = 'The server failed on this request.'

/** Sends over HTTP/1.1, on connections that are kept, and checks the form of what comes back. */
export class HttpSender {
  readonly #address: string
  readonly #agent = new Agent({ keepAlive: true })

  constructor(address: string) {
    this.#address = address
  }

  async send({ signal, encoding, compression, body }: HostileRequest, random: Random): Promise<Verdict> {
    const chunked = random() < 0.3
    const outgoing = request(`${this.#address}/v1/${signal}`, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
        ...(compression !== 'identity' && { 'content-encoding': compression }),
        ...(!chunked && { 'content-length': body.length }),
      },
    })
    const at = chunked ? below(random, body.length + 1) : 0
    if (chunked) outgoing.write(body.subarray(0, at))
    outgoing.end(body.subarray(at))
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    const bytes = Buffer.concat(await answer.toArray())
    const status = answer.statusCode ?? 0
    return { outcome: `HTTP ${status}`, fault: httpFault(signal, encoding, answer, bytes) }
  }

  close(): void {
    this.#agent.destroy()
  }
}

function httpFault(
  signal: Signal,
  encoding: 'protobuf' | 'json',
  { statusCode = 0, headers }: IncomingMessage,
  bytes: Buffer,
): string | undefined {
  if (!httpAnswers.has(statusCode)) return `answered ${statusCode}: ${bytes.toString('latin1').slice(0, 200)}`
  const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf'
  if (headers['content-type'] !== type) return `${statusCode} came as ${headers['content-type']}`
  if (statusCode === 200) return responseFault(signal, encoding, bytes)
  if (statusCode === 503 && headers['retry-after'] === undefined) return '503 without Retry-After'
  const message = encoding === 'json' ? (JSON.parse(bytes.toString()) as { message?: string }).message : bytes
  return message && message.length > 5 ? undefined : `${statusCode} without a message`
}

function responseFault(signal: Signal, encoding: 'protobuf' | 'json', bytes: Uint8Array): string | undefined {
  const type = exportResponseType(definitions, signal)
  const response =
    encoding === 'json'
      ? (JSON.parse(Buffer.from(bytes).toString()) as object)
      : type.toObject(type.decode(bytes), { longs: String })
  const { partialSuccess } = response as { partialSuccess?: Record<string, string> }
  if (partialSuccess === undefined) return undefined
  const { errorMessage, ...counts } = partialSuccess
  const [rejected = '0'] = Object.values(counts)
  // A value that could not be kept as it was sent is said without an item that is rejected.
  if (errorMessage && (Number(rejected) > 0 || /were stored as 0$/.test(errorMessage))) return undefined
  return `partial success is ${JSON.stringify(partialSuccess)}`
}

/** Sends over one HTTP/2 connection, frames of its own making: some with a length or a flag that lies. */
export class GrpcSender {
  readonly #session: ClientHttp2Session
  readonly #authority: string

  constructor(address: string) {
    this.#authority = new URL(address).host
    this.#session = connect(address)
    this.#session.on('error', () => {})
  }

  async send({ signal, compression, body }: HostileRequest, random: Random): Promise<Verdict> {
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': serviceOf(signal).export.path,
      ':authority': this.#authority,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(compression !== 'identity' && { 'grpc-encoding': compression }),
    })
    let trailers: Record<string, unknown> = {}
    stream.on('response', (headers) => {
      trailers = { ...trailers, ...headers }
    })
    stream.on('trailers', (headers) => {
      trailers = { ...trailers, ...headers }
    })
    stream.on('error', () => {})
    for (const piece of frames(body, compression !== 'identity', random)) stream.write(piece)
    stream.end()
    const pieces: Buffer[] = []
    stream.on('data', (piece: Buffer) => pieces.push(piece))
    if (!stream.closed) await once(stream, 'close').catch(() => {})
    const status = trailers['grpc-status'] === undefined ? -1 : Number(trailers['grpc-status'])
    return {
      outcome: `gRPC ${status}`,
      fault: grpcFault(signal, status, String(trailers['grpc-message'] ?? ''), pieces),
    }
  }

  close(): void {
    this.#session.destroy()
  }
}

function grpcFault(signal: Signal, status: number, message: string, pieces: Buffer[]): string | undefined {
  if (!grpcAnswers.has(status)) return `answered ${status} ${message}`
  if (decodeURIComponent(message) === ownFailure) return `answered ${status} ${message}`
  if (status !== 0) return message === '' ? `${status} without a message` : undefined
  return responseFault(signal, 'protobuf', Buffer.concat(pieces).subarray(5))
}

/** The message behind its five bytes, mostly as it should be, in one piece or several. */
function frames(body: Uint8Array, compressed: boolean, random: Random): Uint8Array[] {
  const head = Buffer.alloc(5)
  head[0] = Number(random() < 0.05 ? !compressed : compressed)
  head.writeUInt32BE(body.length, 1)
  const choice = random()
  if (choice < 0.03) head[0] = 2 + below(random, 254)
  else if (choice < 0.06) head.writeUInt32BE(below(random, body.length + 1), 1)
  else if (choice < 0.08) head.writeUInt32BE(body.length + 1 + below(random, 100), 1)
  else if (choice < 0.09) head.writeUInt32BE(0xffffffff, 1)
  else if (choice < 0.1) return []
  const whole = Buffer.concat([head, body])
  if (choice < 0.12) return [whole, whole]
  const at = below(random, whole.length + 1)
  return random() < 0.5 ? [whole] : [whole.subarray(0, at), whole.subarray(at)]
}
