import { bodyEncoding, type Capture, plainBody, type Signal } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import type { TestServer } from '@burstlet/testkit/server'

// Wide enough for every clock among the captures: 1970 to 2262.
const anyTime = 'from=1970-01-01T00:00:00Z&to=2262-04-11T00:00:00Z'
const definitions = otlpDefinitions()

/** The request as the official definitions understand it. */
function sent(capture: Capture): unknown {
  const body = plainBody(capture)
  if (bodyEncoding(capture) === 'json') return JSON.parse(new TextDecoder().decode(body))
  const type = exportRequestType(definitions, capture.signal)
  return type.toObject(type.decode(body), { longs: String })
}

/** What `capture` holds, an item each, in normal form. */
export function wanted(capture: Capture): string[] {
  return normalItems(capture.signal, sent(capture))
}

/** What the server answers about what `capture` holds, and perhaps more, in the same form. */
export function answered(server: TestServer, capture: Capture): Promise<string[]> {
  return answeredTo(server, capture.signal, sent(capture))
}

/** The same for a request in OTLP/JSON form. */
export async function answeredTo(server: TestServer, signal: Signal, request: unknown): Promise<string[]> {
  await server.settled()
  const answers = await Promise.all(paths[signal](request).map((path) => server.get(path)))
  return answers.flatMap((answer) => normalItems(signal, answer))
}

/**
 * `answered` for many captures of which nothing more is sent: what several of them ask is asked once, at the first of them.
 */
export function answeredOnce(server: () => TestServer): (capture: Capture) => Promise<string[]> {
  const known = new Map<string, Promise<string[]>>()
  const ask = async (signal: Signal, path: string) => normalItems(signal, await server().get(path))
  return async (capture) => {
    if (known.size === 0) await server().settled()
    const asked = paths[capture.signal](sent(capture)).map((path) => {
      const answer = known.get(path) ?? ask(capture.signal, path)
      known.set(path, answer)
      return answer
    })
    return (await Promise.all(asked)).flat()
  }
}

const paths = {
  traces(request: unknown): string[] {
    const ids = new Set(JSON.stringify(request, hexIds).match(/(?<="traceId":")[0-9a-fA-F]{32}(?=")/g))
    return [...ids].map((id) => `/traces/${id.toLowerCase()}?format=otlp`)
  },
  logs(): string[] {
    return [`/logs?${anyTime}&limit=1000&format=otlp`]
  },
  metrics(request: unknown): string[] {
    const { resourceMetrics = [] } = request as MetricsRequest
    const metrics = resourceMetrics.flatMap((group) => group.scopeMetrics ?? []).flatMap((scope) => scope.metrics ?? [])
    const names = new Set(metrics.map((metric) => metric.name ?? ''))
    return [...names].map((name) => `/metrics?name=${encodeURIComponent(name)}&${anyTime}&format=otlp`)
  },
}

interface MetricsRequest {
  resourceMetrics?: { scopeMetrics?: { metrics?: { name?: string }[] }[] }[]
}

function hexIds(_key: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: number[] }
  return type === 'Buffer' && data ? Buffer.from(data).toString('hex') : value
}

/** What is wanted and not among what was found; equal ones are counted. */
export function missing(wantedItems: string[], found: string[]): string[] {
  const left = new Map<string, number>()
  for (const item of found) left.set(item, (left.get(item) ?? 0) + 1)
  return wantedItems.filter((item) => {
    const count = left.get(item) ?? 0
    left.set(item, count - 1)
    return count <= 0
  })
}

/** Numbers to nine digits: sums of floats in another order differ in their last ones. */
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(9))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)]))
}
