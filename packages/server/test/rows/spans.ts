import type { TestEngine } from '../test-engine.ts'
import { Random } from './random.ts'
import { nsOfMs, receivedNow, time64 } from './times.ts'

/** A span as a test thinks of it. */
export interface TestSpan {
  /** 16 bytes. */
  traceId: string
  /** 8 bytes. */
  spanId: string
  parentId: string
  service: string
  name: string
  kind: number
  status: number
  startNs: bigint
  durationNs: bigint
  host: string
  strings: Record<string, string>
  integers: Record<string, number>
  doubles: Record<string, number>
  booleans: Record<string, boolean>
}

const hosts = ['h1', 'h2']

/** Writes spans and their resources as the decoder would: hot columns copied, near-unique strings moved. */
export async function insertSpans(engine: TestEngine, spans: readonly TestSpan[]): Promise<void> {
  await engine.insert(
    'resources',
    hosts.flatMap((host, index) =>
      [...new Set(spans.map(({ service }) => service))].map((service, place) => ({
        space: 'default',
        received: receivedNow(),
        hash: String(index * 100 + place + 1),
        service,
        attr_s: { 'service.name': service, 'host.name': host },
      })),
    ),
  )
  const services = [...new Set(spans.map(({ service }) => service))]
  await engine.insert(
    'spans',
    spans.map((span) => rowOf(span, services)),
  )
}

export function rowOf(span: TestSpan, services: readonly string[]): object {
  const { 'url.full': url, 'user.id': user, 'session.id': session, ...strings } = span.strings
  return {
    space: 'default',
    received: receivedNow(),
    service: span.service,
    start: time64(span.startNs),
    duration: String(span.durationNs),
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_id: span.parentId,
    name: span.name,
    kind: span.kind,
    status: span.status,
    res_hash: String(hosts.indexOf(span.host) * 100 + services.indexOf(span.service) + 1),
    http_method: strings['http.request.method'] ?? strings['http.method'] ?? '',
    http_route: strings['http.route'] ?? '',
    db_system: strings['db.system.name'] ?? strings['db.system'] ?? '',
    http_status: span.integers['http.response.status_code'] ?? span.integers['http.status_code'] ?? 0,
    url_full: url ?? null,
    user_id: user ?? null,
    session_id: session ?? null,
    attr_s: strings,
    attr_i: Object.fromEntries(Object.entries(span.integers).map(([key, value]) => [key, String(value)])),
    attr_f: span.doubles,
    attr_b: span.booleans,
  }
}

/** Traces of one to six spans in the 40 minutes before `end` (epoch ms), many of them beginning in the same moment. */
export function randomTraces(count: number, end: number, seed = 7): TestSpan[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, index) => {
    const begin = nsOfMs(end - 2_400_000 + random.whole(2390) * 1000)
    const spans = Array.from({ length: 1 + random.whole(6) }, (__, place) => randomSpan(random, index, place, begin))
    return spans
  }).flat()
}

function randomSpan(random: Random, trace: number, place: number, begin: bigint): TestSpan {
  const old = random.chance(0.3)
  const http = random.chance(0.6)
  const code = random.of([200, 201, 404, 500, 503])
  const span: TestSpan = {
    traceId: `trace-${String(trace).padStart(10, '0')}`,
    spanId: `${String(trace).padStart(6, '0')}-${place}`,
    parentId: place === 0 ? '' : `${String(trace).padStart(6, '0')}-${random.whole(place)}`,
    service: random.of(['gateway', 'video', 'worker']),
    name: random.of(['GET /videos/:id', 'POST /upload', 'query', 'transcode', 'Connection refused']),
    kind: random.of([1, 2, 3, 4, 5]),
    status: random.of([0, 0, 0, 1, 2]),
    startNs: begin + BigInt(place === 0 ? 0 : random.whole(300) * 1_000_000 + random.whole(1000)),
    durationNs: BigInt(random.whole(500) * 1_000_000 + random.whole(1000)),
    host: random.of(hosts),
    strings: {
      k: random.of(['v1', 'v2', '5']),
      ...(http && { [old ? 'http.method' : 'http.request.method']: random.of(['GET', 'POST']) }),
      ...(http && random.chance(0.8) && { 'http.route': random.of(['/videos/:id', '/upload', '/internal/ping']) }),
      ...(random.chance(0.5) && { 'user.id': `u${random.whole(5)}` }),
      ...(random.chance(0.3) && { 'url.full': `http://burstlet.test/videos/${random.whole(1000)}` }),
    },
    integers: {
      ...(http && { [old ? 'http.status_code' : 'http.response.status_code']: code }),
      ...(random.chance(0.5) && { attempt: random.whole(4) }),
    },
    doubles: random.chance(0.5) ? { ratio: random.whole(100) / 100 } : {},
    booleans: random.chance(0.4) ? { retry: random.chance(0.5) } : {},
  }
  if (trace % 2 === 0 && 'user.id' in span.strings) span.strings['session.id'] = `s${trace % 14}`
  return span
}
