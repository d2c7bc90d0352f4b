import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import type { KeyRing } from '../access/key-ring.ts'
import type { Config } from '../config/settings.ts'
import { probeIngest } from '../features/health/probes.ts'
import { GrpcServer } from '../ingest/grpc/server.ts'
import { createIngestServer } from '../ingest/http/server.ts'
import type { Foundation } from './foundation.ts'
import { listen, listenHttp } from './listen.ts'
import { type Role, startInOrder } from './role.ts'

/** Takes OTLP over HTTP and gRPC. */
export interface IngestRole extends Role {
  /** Base addresses. */
  readonly otlpHttp: string
  readonly otlpGrpc: string
  readonly otlpHttpPort: number
}

/** Listens for OTLP. What is taken goes to the spool, which every process has. */
export function startIngest(
  { server, ingest }: Pick<Config, 'server' | 'ingest'>,
  { receiver, disks }: Pick<Foundation, 'receiver' | 'disks'>,
  keys: KeyRing,
  log: FastifyBaseLogger,
): Promise<IngestRole> {
  return startInOrder(log, async (stack) => {
    const { host } = server
    const http = stack.adopt(
      await createIngestServer({ receiver, log, keys, corsOrigins: ingest.corsOrigins }),
      (app) => app.close(),
    )
    const grpc = stack.adopt(new GrpcServer({ receiver, log, keys, corsOrigins: [] }), (opened) => opened.close())
    const otlpHttp = await listen({ host, port: server.otlpHttpPort }, 'MONITORING_OTLP_HTTP_PORT', (address) =>
      listenHttp(http, address),
    )
    const otlpGrpc = await listen({ host, port: server.otlpGrpcPort }, 'MONITORING_OTLP_GRPC_PORT', (address) =>
      grpc.listen(address),
    )
    const otlpHttpPort = (http.server.address() as AddressInfo).port
    return { otlpHttp, otlpGrpc, otlpHttpPort, probes: { ingest: async () => probeIngest(receiver, disks) } }
  })
}
