import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { FastifyBaseLogger } from 'fastify'
import type { IngestKey } from '../../access/key-ring.ts'
import { type BodyTimeouts, defaultBodyTimeouts } from '../bodies/body-timer.ts'
import { InflatingBodies } from '../bodies/inflating-bodies.ts'
import { grpcCode, IngestError } from '../bodies/ingest-error.ts'
import type { IngestGuardOptions } from '../guard.ts'
import { limitConnections } from '../limit-connections.ts'
import type { Receiver } from '../receiver.ts'
import { answerError } from './answer.ts'
import { answerExport, type CallOptions } from './call.ts'
import { httpStatusOf, timeoutOf } from './call-headers.ts'
import { SessionWatch } from './session-watch.ts'

/** How long a stop waits for calls that are under way. */
const drainMs = 5000

const settings = {
  // An exporter has one or a few calls under way; a connection with more would be held in memory for nothing.
  maxConcurrentStreams: 64,
  maxHeaderListSize: 16 * 1024,
  // What a sender may have on its way before it hears from us; all of it is counted when it comes.
  initialWindowSize: 256 * 1024,
  enableConnectProtocol: false,
}

export interface GrpcServerOptions extends IngestGuardOptions {
  readonly receiver: Receiver
  readonly log: FastifyBaseLogger
  readonly timeouts?: BodyTimeouts
}

/**
 * OTLP/gRPC: the three Export services, without reflection. Unary calls over HTTP/2 as it is, since the library for gRPC
 * reads whole messages before anybody can look at their headers, count them or end them.
 */
export class GrpcServer {
  readonly #log: FastifyBaseLogger
  readonly #call: CallOptions
  readonly #server: Http2Server
  readonly #sessions = new SessionWatch()
  #closing = false

  constructor({ receiver, log, timeouts = defaultBodyTimeouts, ...guard }: GrpcServerOptions) {
    this.#log = log
    this.#call = { receiver, guard, timeouts, inflating: new InflatingBodies() }
    this.#server = createServer({ settings, maxHeaderListPairs: 100 })
    limitConnections(this.#server)
    this.#server.on('session', (session: ServerHttp2Session) => this.#sessions.add(session))
    this.#server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      void this.#answer(stream, headers)
    })
  }

  /** @param port 0: any free one @returns the port that it listens on */
  async listen({ host, port }: { host: string; port: number }): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', reject).listen({ host, port }, resolve)
    await promise
    this.#server.off('error', reject)
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : port
  }

  /** Takes no new call, and finishes those that are under way. */
  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    this.#sessions.close()
    const overdue = setTimeout(() => this.#sessions.destroy(), drainMs)
    await promise
    clearTimeout(overdue)
  }

  async #answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    // A stream that breaks is closed, which is heard where it matters.
    stream.on('error', () => {})
    const status = httpStatusOf(headers)
    if (status !== 200) {
      stream.respond({ ':status': status }, { endStream: true })
      stream.close()
      return
    }
    let space: string | undefined
    const fail = (error: unknown) => {
      if (stream.destroyed || stream.headersSent) return
      const fault = this.#asIngestError(error)
      this.#call.receiver.counters.refused(fault.httpStatus, space)
      answerError(stream, fault)
    }
    const timeoutMs = timeoutOf(headers)
    const deadline = timeoutMs === undefined ? undefined : setTimeout(() => fail(deadlineExceeded()), timeoutMs)
    const onKey = (key: IngestKey) => {
      space = key.space
    }
    await answerExport(stream, headers, onKey, this.#call).catch(fail)
    clearTimeout(deadline)
  }

  #asIngestError(error: unknown): IngestError {
    const known = error instanceof IngestError
    if (!known || error.httpStatus === 500) this.#log.error({ err: error }, 'a gRPC call failed')
    return known ? error : new IngestError(500, grpcCode.internal, 'The server failed on this request.')
  }
}

function deadlineExceeded(): IngestError {
  return new IngestError(504, grpcCode.deadlineExceeded, 'The time that the client gave the call is over.')
}
