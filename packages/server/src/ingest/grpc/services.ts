import type { Signal } from '@burstlet/otlp/signal'

/** Full names of the three services, as the OTLP protocol files have them. */
const names: Record<Signal, string> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
}

/** Messages stay bytes: they go to the same decoder as those that HTTP brings. */
const asBytes = (bytes: Buffer) => bytes

/** The service of one signal, with its one method, in the form in which gRPC clients are told of it. */
export function serviceOf(signal: Signal) {
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

const signals: ReadonlyMap<string, Signal> = new Map(
  (Object.keys(names) as Signal[]).map((signal) => [serviceOf(signal).export.path, signal]),
)

/** The signal that a method's path takes; undefined for a method that there is not. */
export function signalOf(path: string | undefined): Signal | undefined {
  return signals.get(path ?? '')
}
