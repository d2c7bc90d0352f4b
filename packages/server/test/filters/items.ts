import { attributesOf, type KeyValue, type Plain } from '../rows/otlp.ts'
import type { Random } from '../rows/random.ts'

/** An item as it is sent, in OTLP/JSON, with what it stands in. */
export interface Item {
  readonly signal: 'spans' | 'logs' | 'metrics'
  readonly resource: KeyValue[]
  readonly scope: { name?: string; version?: string; attributes: KeyValue[] }
  /** Span, log record, or data point. */
  readonly record: ItemRecord
}

export interface Event {
  name?: string
  timeUnixNano: string
  attributes: KeyValue[]
}

export interface Link {
  traceId: string
  spanId: string
  traceState?: string
  attributes: KeyValue[]
}

/** The union of what the three have; attribute `seq` tells them apart. */
export interface ItemRecord {
  attributes: KeyValue[]
  name?: string
  kind?: number
  status?: { code?: number; message?: string }
  traceId?: string
  spanId?: string
  parentSpanId?: string
  traceState?: string
  startTimeUnixNano?: string
  endTimeUnixNano?: string
  timeUnixNano?: string
  events?: Event[]
  links?: Link[]
  severityNumber?: number
  severityText?: string
  eventName?: string
  body?: { stringValue?: string }
  asInt?: string
}

export const words = ['a', 'b', 'ab', 'v1', 'v2', 'z', '5', '', "it's", 'Größe', 'a b']
const ids = ['00000000000000a1', '00000000000000a2']
export const traceIds = ['000000000000000000000000000000b1', '000000000000000000000000000000b2']
export const spanIds = ids

/** @param time epoch ms that all items are at */
export function randomItem(random: Random, signal: Item['signal'], seq: number, time: number): Item {
  const resource = { 'service.name': random.of(['video', 'web']), ...some(random, 0.4) }
  const scope = {
    ...(random.chance(0.7) && { name: random.of(['lib', 'other']) }),
    ...(random.chance(0.5) && { version: random.of(['1', '2']) }),
    attributes: attributesOf(some(random, 0.3)),
  }
  return { signal, resource: attributesOf(resource), scope, record: recordOf(random, signal, seq, time) }
}

function recordOf(random: Random, signal: Item['signal'], seq: number, time: number): ItemRecord {
  const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
  const attributes = attributesOf({ seq: BigInt(seq), ...some(random, 0.5), ...(signal === 'spans' && hot(random)) })
  if (signal === 'metrics') return { attributes, timeUnixNano: nanos(time), asInt: '1' }
  if (signal === 'logs') {
    return {
      attributes,
      timeUnixNano: nanos(time),
      ...(random.chance(0.7) && { severityNumber: random.of([1, 5, 9, 13, 17, 21, 24, 30]) }),
      ...(random.chance(0.4) && { severityText: random.of(['WARN', 'Error', '']) }),
      ...(random.chance(0.3) && { eventName: random.of(['login', 'a']) }),
      ...(random.chance(0.8) && {
        body: { stringValue: random.of(['connection refused', 'a b', '', 'Upload a done']) },
      }),
      ...(random.chance(0.5) && { traceId: random.of(traceIds) }),
      ...(random.chance(0.4) && { spanId: random.of(ids) }),
    }
  }
  return {
    attributes,
    traceId: random.of(traceIds),
    spanId: (0x1000 + seq).toString(16).padStart(16, '0'),
    ...(random.chance(0.5) && { parentSpanId: random.of(ids) }),
    ...(random.chance(0.3) && { traceState: random.of(['a=1', 'b=2']) }),
    ...(random.chance(0.9) && { name: random.of(['GET /a', 'query', 'a']) }),
    kind: random.of([0, 1, 2, 3, 4, 5, 99]),
    status: {
      code: random.of([0, 0, 1, 2, 99]),
      ...(random.chance(0.3) && { message: random.of(['failed', 'a', '']) }),
    },
    startTimeUnixNano: nanos(time),
    endTimeUnixNano: nanos(time + random.whole(5) * 100 - 50),
    events: list(random, () => ({
      ...(random.chance(0.9) && { name: random.of(['exception', 'retry', 'a']) }),
      timeUnixNano: nanos(time),
      attributes: attributesOf(some(random, 0.4)),
    })),
    links: list(random, () => ({
      traceId: random.of(traceIds),
      spanId: random.of(ids),
      ...(random.chance(0.3) && { traceState: 'a=1' }),
      attributes: attributesOf(some(random, 0.3)),
    })),
  }
}

function list<Each>(random: Random, make: () => Each): Each[] {
  return random.chance(0.4) ? [] : Array.from({ length: 1 + random.whole(3) }, make)
}

/** Attributes that may stand anywhere, each with some probability. */
function some(random: Random, share: number): Record<string, Plain> {
  const scalar = (): Plain =>
    random.of<() => Plain>([
      () => random.of(words),
      () => BigInt(random.whole(7) - 1),
      () => random.of([0.5, 1.5, -2, 5]),
      () => random.chance(0.5),
    ])()
  const array = (): Plain => Array.from({ length: random.whole(4) }, () => (random.chance(0.1) ? [scalar()] : scalar()))
  const candidates: [string, () => Plain][] = [
    ['k', scalar],
    ['n', () => random.of<Plain>([5n, 9_223_372_036_854_775_807n, 9_223_372_036_854_775_806n, 5, -1n])],
    ['zones', array],
    [
      'user',
      () => ({ age: scalar(), name: random.of(words), tags: array(), deep: { x: scalar() }, 'deep.y': scalar() }),
    ],
    ['user.age', scalar],
    ['a', () => ({ b: { c: scalar() }, 'b.c': scalar() })],
    ['a.b', () => ({ c: scalar() })],
    ['exception.type', () => random.of(['X', 'Y'])],
    ['odd "key"', scalar],
    ['nothing', () => null],
    ['bytes', () => random.of<Plain>([{ x: 'a' }, null])],
    ['host.name', () => random.of(['h1', 'h2'])],
    ['http.url', () => random.of(words)],
    ['url.full', () => random.of(words)],
    ['user.id', () => random.of<Plain>(['u1', 'u2', '', 5n])],
  ]
  return Object.fromEntries(candidates.filter(() => random.chance(share)).map(([key, make]) => [key, make()]))
}

/** Those that spans have columns for, with values that the columns cannot hold among them. */
function hot(random: Random): Record<string, Plain> {
  const candidates: [string, () => Plain][] = [
    ['http.route', () => random.of(['/a', '/b', ''])],
    ['http.request.method', () => random.of<Plain>(['GET', 'POST', '', 5n])],
    ['http.method', () => random.of(['GET', 'PUT'])],
    ['http.response.status_code', () => random.of<Plain>([200n, 404n, 500n, 0n, '404', 'x'])],
    ['http.status_code', () => random.of<Plain>([200n, 503n])],
    ['db.system', () => random.of(['mysql', 'redis'])],
    ['db.system.name', () => random.of(['postgresql', ''])],
  ]
  return Object.fromEntries(candidates.filter(() => random.chance(0.4)).map(([key, make]) => [key, make()]))
}

/** Export requests of all of them, an item in each group of one resource and scope. */
export function requestOf(items: readonly Item[]): { signal: 'traces' | 'logs' | 'metrics'; request: object } {
  const [{ signal } = { signal: 'spans' as const }] = items
  const resource = (item: Item) => ({ attributes: item.resource })
  if (signal === 'spans') {
    const resourceSpans = items.map((item) => ({
      resource: resource(item),
      scopeSpans: [{ scope: item.scope, spans: [item.record] }],
    }))
    return { signal: 'traces', request: { resourceSpans } }
  }
  if (signal === 'logs') {
    const resourceLogs = items.map((item) => ({
      resource: resource(item),
      scopeLogs: [{ scope: item.scope, logRecords: [item.record] }],
    }))
    return { signal: 'logs', request: { resourceLogs } }
  }
  const resourceMetrics = items.map((item) => ({
    resource: resource(item),
    scopeMetrics: [
      { scope: item.scope, metrics: [{ name: 'filtered', unit: '1', gauge: { dataPoints: [item.record] } }] },
    ],
  }))
  return { signal: 'metrics', request: { resourceMetrics } }
}
