import { encodeExportResponse } from '@burstlet/otlp/export-response'
import type { Signal } from '@burstlet/otlp/signal'
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import type { FastifyBaseLogger } from 'fastify'
import { guardIngest, type IngestGuardOptions } from '../guard.ts'
import type { Receiver } from '../receiver.ts'
import { grpcCode, IngestError } from '../status.ts'
import { failureOf } from './failure.ts'
import { serviceOf } from './services.ts'

const signals: readonly Signal[] = ['traces', 'metrics', 'logs']

/** How long a stop waits for calls that are under way. */
const drainMs = 5000

export interface GrpcServerOptions extends IngestGuardOptions {
  readonly receiver: Receiver
  readonly log: FastifyBaseLogger
}

/** OTLP/gRPC: the three Export services, without reflection. */
export class GrpcServer {
  readonly #options: GrpcServerOptions
  readonly #server: Server

  constructor(options: GrpcServerOptions) {
    this.#options = options
    this.#server = new Server({
      // Holds for a message as it was sent and for what it inflates to.
      'grpc.max_receive_message_length': options.receiver.memory.maxBodyBytes,
      // An exporter has one or a few calls under way; a connection with more would be held in memory for nothing.
      'grpc.max_concurrent_streams': 64,
      // Peers that went away without a word are noticed; idle ones that answer stay.
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.max_metadata_size': 16 * 1024,
    })
    for (const signal of signals) {
      this.#server.addService(serviceOf(signal), {
        export: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
          void this.#answer(signal, call).then(
            (bytes) => done(null, bytes),
            (error: unknown) => {
              const fault = this.#asIngestError(error)
              options.receiver.counters.refused(fault.httpStatus)
              done(failureOf(fault))
            },
          )
        },
      })
    }
  }

  /** @param port 0: any free one @returns the port that it listens on */
  async listen({ host, port }: { host: string; port: number }): Promise<number> {
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error)
      else resolve(bound)
    })
    return await promise
  }

  /** Takes no new call, and finishes those that are under way. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const overdue = setTimeout(() => this.#server.forceShutdown(), drainMs)
    this.#server.tryShutdown(() => resolve())
    await promise
    clearTimeout(overdue)
  }

  async #answer(signal: Signal, call: ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
    const { receiver, ...guard } = this.#options
    const authorization = call.metadata.get('authorization')[0]
    const key = guardIngest(
      {
        method: 'POST',
        headers: { host: call.getHost(), ...(authorization && { authorization: String(authorization) }) },
      },
      guard,
    )
    const body = receiver.memory.arriving(call.request.length)
    try {
      body.append(call.request)
      const delivery = { signal, encoding: 'protobuf', compression: 'identity', body: body.bytes, key } as const
      const { rejected, message } = await receiver.receive(delivery)
      return Buffer.from(encodeExportResponse(signal, 'protobuf', rejected, message))
    } finally {
      body.release()
    }
  }

  #asIngestError(error: unknown): IngestError {
    const known = error instanceof IngestError
    if (!known || error.httpStatus === 500) this.#options.log.error({ err: error }, 'a gRPC call failed')
    return known ? error : new IngestError(500, grpcCode.internal, 'The server failed on this request.')
  }
}
