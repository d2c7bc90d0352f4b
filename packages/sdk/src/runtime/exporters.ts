import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { MetricReader, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { certificatesOf } from './certificates.ts'
import { type Delivery, detach, type Exports, trackRequests, unrefAgent } from './detached-export.ts'
import { firstFromEnv, listFromEnv } from './environment-values.ts'
import { loadPackage, type PackageName } from './load.ts'
import type { Signal as CountedSignal } from './losses.ts'
import { notice } from './notice.ts'

/** An exporter, whether it is one to a screen, and a way to wait for what it is sending. */
export interface Exporter<T> {
  exporter: T
  immediate: boolean
  flush: () => Promise<void>
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS'
type Constructor<T> = new (options?: object) => T

/** How OTLP exporters of a signal are called, and how what they send is counted. */
interface Otlp<Batch> {
  folder: 'trace' | 'logs' | 'metrics'
  name: string
  counted: CountedSignal
  itemsIn: (batch: Batch) => number
}

const spans: Otlp<ReadableSpan[]> = {
  folder: 'trace',
  name: 'OTLPTraceExporter',
  counted: 'spans',
  itemsIn: (spans) => spans.length,
}
const logs: Otlp<ReadableLogRecord[]> = {
  folder: 'logs',
  name: 'OTLPLogExporter',
  counted: 'logs',
  itemsIn: (records) => records.length,
}
const metrics: Otlp<ResourceMetrics> = {
  folder: 'metrics',
  name: 'OTLPMetricExporter',
  counted: 'metric points',
  itemsIn: ({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, { dataPoints }) => sum + dataPoints.length, 0),
}

/** Makes the exporters of one signal, as OTEL_*_EXPORTER and OTEL_EXPORTER_OTLP_*_PROTOCOL ask for. None for `none`. */
export function createSpanExporters(delivery: Delivery): Exporter<SpanExporter>[] {
  return namesOf('TRACES').flatMap((name): Exporter<SpanExporter>[] => {
    if (name === 'otlp') return [otlp<ReadableSpan[], SpanExporter>('TRACES', spans, delivery)]
    if (name === 'zipkin')
      return [plain(create<SpanExporter>('@opentelemetry/exporter-zipkin', 'ZipkinExporter'), false)]
    if (name === 'console')
      return [plain(create<SpanExporter>('@opentelemetry/sdk-trace', 'ConsoleSpanExporter'), true)]
    return unknown('TRACES', name)
  })
}

/** The same for logs. */
export function createLogExporters(delivery: Delivery): Exporter<LogRecordExporter>[] {
  return namesOf('LOGS').flatMap((name): Exporter<LogRecordExporter>[] => {
    if (name === 'otlp') return [otlp<ReadableLogRecord[], LogRecordExporter>('LOGS', logs, delivery)]
    if (name === 'console') {
      return [plain(create<LogRecordExporter>('@opentelemetry/sdk-logs', 'ConsoleLogRecordExporter'), true)]
    }
    return unknown('LOGS', name)
  })
}

/** The same for metrics. Prometheus is asked rather than sent to, so it is a reader of its own. */
export function createMetricExporters(delivery: Delivery): {
  exporters: Exporter<PushMetricExporter>[]
  readers: MetricReader[]
} {
  const readers: MetricReader[] = []
  const exporters = namesOf('METRICS').flatMap((name): Exporter<PushMetricExporter>[] => {
    if (name === 'otlp') return [otlp<ResourceMetrics, PushMetricExporter>('METRICS', metrics, delivery)]
    if (name === 'console') {
      return [plain(create<PushMetricExporter>('@opentelemetry/sdk-metrics', 'ConsoleMetricExporter'), true)]
    }
    if (name !== 'prometheus') return unknown('METRICS', name)
    const host = firstFromEnv('OTEL_EXPORTER_PROMETHEUS_HOST')
    const port = firstFromEnv('OTEL_EXPORTER_PROMETHEUS_PORT')
    const options = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port: Number(port) }) }
    readers.push(create<MetricReader>('@opentelemetry/exporter-prometheus', 'PrometheusExporter', options))
    return []
  })
  return { exporters, readers }
}

function namesOf(signal: Signal): string[] {
  const names = listFromEnv(`OTEL_${signal}_EXPORTER`)
  if (names.includes('none')) return []
  return names.length === 0 ? ['otlp'] : names
}

function otlp<Batch, T extends Exports<Batch>>(
  signal: Signal,
  { folder, name, counted, itemsIn }: Otlp<Batch>,
  delivery: Delivery,
): Exporter<T> {
  const asked = firstFromEnv(`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf'
  if (asked === 'grpc') {
    const exporter = create<T>(`@opentelemetry/exporter-${folder}-otlp-grpc`, name)
    trackRequests(exporter, delivery.atExit, certificatesOf(signal))
    return plain(exporter, false)
  }
  if (asked !== 'http/protobuf' && asked !== 'http/json') {
    notice(`OTEL_EXPORTER_OTLP_PROTOCOL: there is no protocol ${asked}; http/protobuf is used.`)
  }
  const suffix = asked === 'http/json' ? 'http' : 'proto'
  const certificates = certificatesOf(signal)
  const exporter = create<T>(`@opentelemetry/exporter-${folder}-otlp-${suffix}`, name, {
    httpAgentOptions: (protocol: string) => unrefAgent(protocol, certificates),
  })
  return { ...detach<Batch, T>(exporter, delivery, { signal: counted, itemsIn, certificates }), immediate: false }
}

function plain<T extends object>(exporter: T, immediate: boolean): Exporter<T> {
  const flush = async () => (exporter as { forceFlush?: () => Promise<void> }).forceFlush?.()
  return { exporter, immediate, flush: async () => void (await flush()) }
}

function create<T>(packageName: PackageName, name: string, options?: object): T {
  const Exporter = loadPackage<Record<string, Constructor<T>>>(packageName)[name]
  if (Exporter === undefined) throw new Error(`${packageName} has no ${name}`)
  return new Exporter(options)
}

function unknown(signal: Signal, name: string): never[] {
  notice(`OTEL_${signal}_EXPORTER: there is no exporter ${name}.`)
  return []
}
