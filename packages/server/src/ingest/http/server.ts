import { encodeExportResponse, encodeStatus } from '@burstlet/otlp/export-response'
import type { Encoding, Signal } from '@burstlet/otlp/signal'
import cors from '@fastify/cors'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { IngestKey } from '../../access/key-ring.ts'
import { type BodyTimeouts, defaultBodyTimeouts } from '../bodies/body-timer.ts'
import { acceptedContentCodings, type ExportResult } from '../bodies/export-request.ts'
import { grpcCode, IngestError, UnknownCoding, undecodable } from '../bodies/ingest-error.ts'
import { guardIngest, type IngestGuardOptions, noKey } from '../guard.ts'
import { limitConnections } from '../limit-connections.ts'
import type { Receiver } from '../receiver.ts'
import { answerClientError } from './client-error.ts'
import { answerEncodingOf, contentTypeOf, encodingOf } from './content.ts'
import { linger } from './linger.ts'
import { announcedBytes, compressionOf, readBody } from './read-body.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that telemetry came with, which tells the space that it belongs to; undefined until it has been looked at. */
    ingestKey: IngestKey | undefined
  }
}

const signals: readonly Signal[] = ['traces', 'metrics', 'logs']

export interface IngestServerOptions extends IngestGuardOptions {
  readonly receiver: Receiver
  readonly log: FastifyBaseLogger
  readonly timeouts?: IngestTimeouts
}

/** Milliseconds. */
export interface IngestTimeouts {
  /** For the request line and all headers. */
  readonly headers: number
  /** For a whole request: a body that comes too slowly holds memory. */
  readonly request: number
  /** For a body between two pieces of it. */
  readonly idle?: number
}

const defaultTimeouts: IngestTimeouts = { headers: 10_000, request: 60_000 }

/** OTLP/HTTP: `POST /v1/traces`, `/v1/metrics`, `/v1/logs`. Not listening yet. */
export async function createIngestServer({
  receiver,
  log,
  timeouts = defaultTimeouts,
  ...guard
}: IngestServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: timeouts.request,
    http: { headersTimeout: timeouts.headers, connectionsCheckingInterval: Math.min(1000, timeouts.headers) },
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
  })
  limitConnections(app.server)
  app.removeAllContentTypeParsers()
  // The body is read by the receiver, which counts it as it arrives.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  // Before any route: those made earlier would keep Fastify's own handler.
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const fault = asIngestError(error, request)
    receiver.counters.refused(fault.httpStatus, request.ingestKey?.space)
    const encoding = answerEncodingOf(request.headers['content-type'])
    if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter)
    if (fault instanceof UnknownCoding) reply.header('accept-encoding', acceptedContentCodings)
    if (!request.raw.complete) {
      await linger(request.raw)
      if (!request.raw.complete) reply.header('connection', 'close')
    }
    reply.code(fault.httpStatus).type(contentTypeOf[encoding])
    return reply.send(encodeStatus(encoding, fault.grpcStatus, fault.message))
  })
  app.decorateRequest('ingestKey', undefined)
  app.addHook('onRequest', async (request) => {
    request.ingestKey = guardIngest(request.raw, guard)
  })
  await app.register(cors, {
    origin: guard.corsOrigins.includes('*') ? '*' : [...guard.corsOrigins],
    methods: ['POST'],
    maxAge: 7200,
  })

  const bodyTimeouts = { idle: timeouts.idle ?? defaultBodyTimeouts.idle, total: timeouts.request }
  for (const signal of signals) {
    app.post(`/v1/${signal}`, async (request, reply) => {
      const encoding = encodingOf(request.headers['content-type'])
      const { rejected, message } = await receiveOver(request, receiver, signal, encoding, bodyTimeouts)
      reply.type(contentTypeOf[encoding])
      return reply.send(encodeExportResponse(signal, encoding, rejected, message))
    })
    app.route({
      method: ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'],
      url: `/v1/${signal}`,
      handler: async (_request, reply) => {
        reply.header('allow', 'POST')
        throw new IngestError(405, grpcCode.unimplemented, 'OTLP/HTTP is POST only.')
      },
    })
  }
  app.setNotFoundHandler(async (request) => {
    const paths = signals.map((signal) => `/v1/${signal}`).join(', ')
    throw new IngestError(404, grpcCode.notFound, `There is no ${request.url.slice(0, 200)}; OTLP/HTTP has ${paths}.`)
  })
  return app
}

/**
 * Reads the body of a request and has it stored.
 * @throws IngestError
 */
export async function receiveOver(
  { raw, ingestKey }: Pick<FastifyRequest, 'raw' | 'ingestKey'>,
  receiver: Receiver,
  signal: Signal,
  encoding: Encoding,
  timeouts?: BodyTimeouts,
): Promise<ExportResult> {
  // Never assumed: what is stored belongs to somebody.
  if (!ingestKey) throw new Error('a request whose key was not looked at has no space')
  receiver.mustAccept()
  const compression = compressionOf(raw.headers['content-encoding'])
  const sender = { connection: raw.socket, address: raw.socket.remoteAddress, hasKey: ingestKey !== noKey }
  const body = receiver.memory.arriving(announcedBytes(raw) || undefined, sender)
  try {
    await readBody(raw, body, timeouts)
    const { name: key, space } = ingestKey
    return await receiver.receive({ signal, encoding, compression, body: body.bytes, space, key, sender })
  } finally {
    body.release()
  }
}

function asIngestError(error: Error & { statusCode?: number }, request: FastifyRequest): IngestError {
  if (error instanceof IngestError) {
    if (error.httpStatus === 500) request.log.error({ err: error.cause ?? error }, error.message)
    return error
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return undecodable(error.message)
  request.log.error({ err: error }, 'request failed')
  return new IngestError(500, grpcCode.internal, 'The server failed on this request.')
}
