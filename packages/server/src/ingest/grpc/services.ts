import type { Signal } from '@burstlet/otlp/signal'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'

/** Messages stay bytes: they go to the same decoder as those that HTTP brings. */
type RawExport = MethodDefinition<Buffer, Buffer>

const asBytes = (bytes: Buffer) => bytes

/** Full names of the three services, as the OTLP protocol files have them. */
const names: Record<Signal, string> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
}

/** The service of one signal, with its one method. */
export function serviceOf(signal: Signal): ServiceDefinition & { readonly export: RawExport } {
  return {
    export: {
      path: `/${names[signal]}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asBytes,
      requestDeserialize: asBytes,
      responseSerialize: asBytes,
      responseDeserialize: asBytes,
    },
  }
}
