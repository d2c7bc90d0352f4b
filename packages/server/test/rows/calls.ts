import { Random } from './random.ts'
import type { TestSpan } from './spans.ts'
import { nsOfMs } from './times.ts'

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const

/** Requests that go from service to service, to databases, over queues, and to peers that send no spans. */
export function randomCalls(count: number, end: number, seed = 3): TestSpan[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, trace) => traceOf(random, trace, end)).flat()
}

function traceOf(random: Random, trace: number, end: number): TestSpan[] {
  const spans: TestSpan[] = []
  let at = nsOfMs(end - 1_200_000 + random.whole(1_190_000))
  const add = (service: string, kind: keyof typeof kinds, parent: TestSpan | undefined, strings = {}): TestSpan => {
    at += BigInt(random.whole(3_000_000_000))
    const span: TestSpan = {
      traceId: `calls-${String(trace).padStart(10, '0')}`,
      spanId: `${String(trace).padStart(6, '0')}${String(spans.length).padStart(2, '0')}`,
      parentId: parent?.spanId ?? '',
      service,
      name: `${kind} of ${service}`,
      kind: kinds[kind],
      status: random.of([0, 0, 1, 2]),
      startNs: at,
      durationNs: BigInt(1000 + random.whole(2_000_000_000)),
      host: 'h1',
      strings,
      integers: {},
      doubles: {},
      booleans: {},
    }
    spans.push(span)
    return span
  }
  const visit = (service: string, parent: TestSpan | undefined, depth: number): void => {
    const entry = add(service, 'server', parent)
    const inner = random.chance(0.3) ? add(service, 'internal', entry) : entry
    if (random.chance(0.5)) {
      add(
        service,
        'client',
        inner,
        random.of([
          { 'db.system.name': 'postgresql', 'db.namespace': 'videos' },
          { 'db.system': 'redis', 'net.peer.name': 'cache.internal' },
          { 'db.system.name': 'sqlite' },
          { 'db.system': 'mysql', 'peer.service': 'billing-db' },
        ]),
      )
    }
    if (random.chance(0.4)) {
      add(
        service,
        'client',
        inner,
        random.of([
          { 'server.address': 'api.stripe.com' },
          { 'url.full': 'https://api.stripe.com:443/v1/charges' },
          { 'http.host': 'mail.example:25' },
          { 'peer.service': 'tax' },
          {},
        ]),
      )
    }
    if (random.chance(0.3)) {
      const queue = { 'messaging.system': 'kafka', 'messaging.destination.name': random.of(['orders', 'mails']) }
      const sent = add(service, 'producer', inner, queue)
      if (random.chance(0.8)) add('worker', 'consumer', sent, queue)
    }
    // Several calls of one span have one parent, with or without client spans between.
    for (let calls = depth > 0 ? random.whole(3) : 0; calls > 0; calls--) {
      const next = random.of(['gateway', 'video', 'billing'])
      const asks = random.chance(0.8) ? add(service, 'client', inner, { 'server.address': next }) : inner
      if (random.chance(0.9)) visit(next, asks, depth - 1)
    }
  }
  visit('gateway', undefined, 3)
  return spans
}

export interface TestEdge {
  count: number
  errors: number
  durationUs: number
  maxUs: number
}

/** The spans that each edge is counted by, found span by span. Key: minute (ms), source and target with their kinds. */
export function callsOf(spans: readonly TestSpan[]): Map<string, TestSpan[]> {
  const calls = new Map<string, TestSpan[]>()
  const byId = new Map(spans.map((span) => [span.traceId + span.spanId, span]))
  const answered = new Set(
    spans.filter(({ kind }) => kind === 2 || kind === 5).map((span) => span.traceId + span.parentId),
  )
  for (const span of spans) {
    for (const [source, target] of endsOf(span, byId.get(span.traceId + span.parentId), answered)) {
      const minute = Math.floor(Number(span.startNs / 1_000_000n) / 60_000) * 60_000
      const key = `${minute} ${source} ${target}`
      calls.set(key, [...(calls.get(key) ?? []), span])
    }
  }
  return calls
}

/** What the edges must be. */
export function edgesOf(spans: readonly TestSpan[]): Map<string, TestEdge> {
  return new Map([...callsOf(spans)].map(([key, calls]) => [key, edgeOf(calls)]))
}

function edgeOf(calls: readonly TestSpan[]): TestEdge {
  const us = calls.map(({ durationNs }) => Number(durationNs / 1000n))
  return {
    count: calls.length,
    errors: calls.filter(({ status }) => status === 2).length,
    durationUs: us.reduce((sum, each) => sum + each, 0),
    maxUs: Math.max(...us),
  }
}

function endsOf(span: TestSpan, parent: TestSpan | undefined, answered: ReadonlySet<string>): [string, string][] {
  const { kind, strings } = span
  const self = `service:${span.service}`
  const queue =
    strings['messaging.system'] && `queue:${strings['messaging.system']}/${strings['messaging.destination.name']}`
  if (queue) return [kind === kinds.consumer ? [queue, self] : [self, queue]]
  if (kind === kinds.server) {
    return parent && parent.service !== span.service ? [[`service:${parent.service}`, self]] : []
  }
  if (kind !== kinds.client) return []
  const system = strings['db.system.name'] ?? strings['db.system']
  if (system) {
    const part = strings['db.namespace'] ?? strings['net.peer.name']
    const name = strings['peer.service'] ?? (part ? `${system}/${part}` : system)
    return [[self, `database:${name}`]]
  }
  if (answered.has(span.traceId + span.spanId)) return []
  const url = strings['url.full']
  const host =
    strings['peer.service'] ?? strings['server.address'] ?? strings['http.host'] ?? (url && new URL(url).hostname)
  return host ? [[self, `external:${host.replace(/:\d+$/, '')}`]] : []
}
