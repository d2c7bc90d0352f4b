import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'

export interface KeyValue {
  key: string
  value: Record<string, unknown>
}
export interface Resource {
  attributes: KeyValue[]
}
export interface ReceivedSpan {
  resource: Resource
  scope: string
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: KeyValue[]
  links?: { traceId: string; spanId: string }[]
  events?: { name: string; attributes: KeyValue[] }[]
  status: { code?: number; message?: string }
}
export interface ReceivedLog {
  resource: Resource
  scope: string
  traceId?: string
  spanId?: string
  severityNumber: number
  severityText?: string
  body: { stringValue?: string }
  attributes: KeyValue[]
}
export type ReceivedMetric = { resource: Resource; scope: string; name: string; unit?: string } & Record<
  string,
  unknown
>

/** What a receiver got, flattened. Requests that are not OTLP JSON are counted by path only. */
export interface Received {
  spans: ReceivedSpan[]
  logs: ReceivedLog[]
  metrics: ReceivedMetric[]
  requests: { path: string; contentType: string; bytes: number; headers: IncomingMessage['headers'] }[]
}

export interface OtlpReceiver {
  url: string
  received: Received
  /** Resolves once `condition` holds for what was received; rejects after `seconds`, telling what is there. */
  until: (condition: (received: Received) => boolean, seconds?: number) => Promise<Received>
  close: () => Promise<void>
}

export interface ReceiverOptions {
  /** What it answers: one status to everything, or one for each request, counted from 0. 200 keeps what came. */
  status?: number | ((request: number) => number)
  /** How long it thinks before it answers. */
  delayMs?: number
}

/** Starts an OTLP/HTTP receiver on a free loopback port. */
export async function startOtlpReceiver({ status = 200, delayMs = 0 }: ReceiverOptions = {}): Promise<OtlpReceiver> {
  const statusOf = typeof status === 'number' ? () => status : status
  const received: Received = { spans: [], logs: [], metrics: [], requests: [] }
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    void answer(request, response, received, statusOf, delayMs).then(() => {
      for (const check of waiting) check()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const until: OtlpReceiver['until'] = (condition, seconds = 30) =>
    new Promise((resolve, reject) => {
      const check = () => {
        if (!condition(received)) return
        clearTimeout(timer)
        waiting.delete(check)
        resolve(received)
      }
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`The receiver waited in vain. It has:\n${describe(received)}`))
      }, seconds * 1000)
      waiting.add(check)
      check()
    })
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url: `http://127.0.0.1:${port}`, received, until, close }
}

/** The value of an attribute as plain data, or undefined. */
export function attribute(holder: { attributes: KeyValue[] }, key: string): unknown {
  const value = holder.attributes.find((candidate) => candidate.key === key)?.value
  if (value === undefined) return undefined
  const [plain] = Object.values(value)
  return 'intValue' in value ? Number(plain) : plain
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  received: Received,
  statusOf: (request: number) => number,
  delayMs: number,
) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  const contentType = request.headers['content-type'] ?? ''
  const path = request.url ?? ''
  const status = statusOf(received.requests.length)
  received.requests.push({ path, contentType, bytes: body.length, headers: request.headers })
  if (status === 200 && contentType === 'application/json') keep(path, JSON.parse(body.toString()), received)
  if (delayMs > 0) await sleep(delayMs)
  response.writeHead(status, { 'content-type': contentType }).end(contentType === 'application/json' ? '{}' : undefined)
}

type Scoped<Name extends string, Item> = { scope?: { name: string } } & Record<Name, Item[]>

function keep(path: string, body: Record<string, { resource: Resource }[]>, received: Received): void {
  const flatten = <Item>(groups: string, scopes: string, items: string): Item[] =>
    (body[groups] ?? []).flatMap((group) => {
      const scoped = (group as unknown as Record<string, Scoped<string, Item>[]>)[scopes] ?? []
      return scoped.flatMap((inner) =>
        (inner[items] ?? []).map((item) => ({ ...item, resource: group.resource, scope: inner.scope?.name ?? '' })),
      )
    })
  if (path === '/v1/traces') received.spans.push(...flatten<ReceivedSpan>('resourceSpans', 'scopeSpans', 'spans'))
  if (path === '/v1/logs') received.logs.push(...flatten<ReceivedLog>('resourceLogs', 'scopeLogs', 'logRecords'))
  if (path === '/v1/metrics') {
    received.metrics.push(...flatten<ReceivedMetric>('resourceMetrics', 'scopeMetrics', 'metrics'))
  }
}

function describe({ spans, logs, metrics, requests }: Received): string {
  return [
    `spans: ${spans.map((span) => `${attribute(span.resource, 'service.name')} ${span.name}`).join(', ')}`,
    `logs: ${logs.map((log) => log.body.stringValue).join(', ')}`,
    `metrics: ${[...new Set(metrics.map((metric) => metric.name))].join(', ')}`,
    `requests: ${requests.length}`,
  ].join('\n')
}
