import { nsOfMs } from '../rows/times.ts'

export type SpaceName = 'a' | 'b'

/** A text that only this space has. */
export const markOf = (space: SpaceName, what: string): string => `only-${space}-${what}`

/** Text in which the space is told by its letter, where a mark cannot stand: ids in hex. */
export const hexOf = (space: SpaceName, bytes: number, last = '0'): string =>
  `${space}${space}0d`.repeat(bytes).slice(0, bytes * 2 - 1) + last

export const traceIdOf = (space: SpaceName): string => hexOf(space, 16)

type Attributes = Record<string, string | number | boolean | string[]>

function anyValue(value: Attributes[string]): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

const attributesOf = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

/** The three requests of one space, every text of which bears its mark. Both spaces have the same figures at the same times. */
export function telemetryOf(space: SpaceName, at: number): Record<'traces' | 'logs' | 'metrics', object> {
  const mark = (what: string) => markOf(space, what)
  const nanos = (ms: number) => String(nsOfMs(at + ms))
  // A key of every type, each by the mark too.
  const attributes = (what: string): Attributes => ({
    [mark(`${what}-text`)]: mark(`${what}-value`),
    [mark(`${what}-whole`)]: 1,
    [mark(`${what}-double`)]: 1.5,
    [mark(`${what}-flag`)]: true,
    [mark(`${what}-list`)]: [mark(`${what}-element`)],
  })
  const resource = (service: string) => ({
    attributes: attributesOf({
      'service.name': mark(service),
      'service.version': mark('version'),
      'deployment.environment.name': mark('environment'),
      'host.name': mark('host'),
      ...attributes('resource'),
    }),
    entityRefs: [{ type: mark('entity'), idKeys: ['host.name'] }],
  })
  const scope = { name: mark('scope'), version: mark('scope-version'), attributes: attributesOf(attributes('scope')) }
  const scoped = { scope, schemaUrl: mark('scope-schema') }
  const stack = `Error: ${mark('failure')}\n    at ${mark('function')} (/app/${mark('file')}.js:1:2)`
  const exception = {
    'exception.type': mark('type'),
    'exception.message': mark('failure'),
    'exception.stacktrace': stack,
  }

  const span = (id: string, parent: string, name: string, kind: number, ms: number, own: Attributes = {}) => ({
    traceId: traceIdOf(space),
    spanId: hexOf(space, 8, id),
    parentSpanId: parent === '' ? '' : hexOf(space, 8, parent),
    traceState: mark('state'),
    name: mark(name),
    kind,
    startTimeUnixNano: nanos(ms),
    endTimeUnixNano: nanos(ms + 40),
    status: { code: 2, message: mark('status') },
    attributes: attributesOf({ ...attributes('span'), ...own }),
    events: [
      { timeUnixNano: nanos(ms), name: 'exception', attributes: attributesOf(exception) },
      { timeUnixNano: nanos(ms), name: mark('event'), attributes: attributesOf(attributes('event')) },
    ],
    links: [
      {
        traceId: traceIdOf(space),
        spanId: hexOf(space, 8, '9'),
        traceState: mark('link-state'),
        attributes: attributesOf(attributes('link')),
      },
    ],
  })
  const http = {
    'http.request.method': mark('method'),
    'http.route': mark('route'),
    'http.response.status_code': 500,
    'url.full': mark('url'),
    'url.path': mark('path'),
    'user.id': mark('user'),
    'session.id': mark('session'),
    'server.address': mark('server'),
    'rpc.system': mark('rpc'),
    'rpc.service': mark('rpc-service'),
    'rpc.method': mark('rpc-method'),
    'messaging.system': mark('messaging'),
    'messaging.destination.name': mark('queue'),
    'error.type': mark('error-type'),
  }
  const database = {
    'db.system.name': mark('database'),
    'db.namespace': mark('namespace'),
    'db.operation.name': mark('db-operation'),
    'db.collection.name': mark('collection'),
    'db.query.text': mark('statement'),
    'db.query.summary': mark('summary'),
    'peer.service': mark('peer'),
  }
  const resourceSpans = [
    { service: 'shop', spans: [span('1', '', 'root', 2, 0, http), span('2', '1', 'call', 3, 5, database)] },
    { service: 'cart', spans: [span('3', '2', 'below', 2, 10, http), span('4', '3', 'queue', 4, 12, http)] },
  ].map(({ service, spans }) => ({
    resource: resource(service),
    schemaUrl: mark('schema'),
    scopeSpans: [{ ...scoped, spans }],
  }))

  const record = (name: string, severityNumber: number, ms: number, own: Attributes = {}) => ({
    timeUnixNano: nanos(ms),
    observedTimeUnixNano: nanos(ms + 1),
    severityNumber,
    severityText: mark('severity'),
    eventName: mark('event-name'),
    body: { stringValue: `${mark(name)} happened` },
    traceId: traceIdOf(space),
    spanId: hexOf(space, 8, '1'),
    attributes: attributesOf({ ...attributes('log'), ...own }),
  })
  const logRecords = [
    record('calm', 9, 1),
    record('wild', 17, 2, exception),
    record('calm', 9, 3),
    record('calm', 13, 4),
  ]

  const exemplars = [
    {
      timeUnixNano: nanos(1),
      asDouble: 1,
      traceId: traceIdOf(space),
      spanId: hexOf(space, 8, '1'),
      filteredAttributes: attributesOf(attributes('exemplar')),
    },
  ]
  const points = (own: object) =>
    [0, 60_000, 120_000].map((ms, index) => ({
      startTimeUnixNano: nanos(-60_000),
      timeUnixNano: nanos(ms),
      attributes: attributesOf(attributes('point')),
      ...(index === 0 && { exemplars }),
      ...own,
    }))
  const head = (name: string) => ({
    name: mark(name),
    description: mark('description'),
    unit: `{${mark('unit')}}`,
    metadata: attributesOf(attributes('metadata')),
  })
  const scale = { count: '6', sum: 12, min: 1, max: 4 }
  const metrics = [
    { ...head('gauge'), gauge: { dataPoints: points({ asDouble: 2 }) } },
    { name: 'system.memory.usage', unit: 'By', gauge: { dataPoints: points({ asInt: '5' }) } },
    { ...head('sum'), sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points({ asInt: '7' }) } },
    {
      ...head('histogram'),
      histogram: {
        aggregationTemporality: 1,
        dataPoints: points({ ...scale, explicitBounds: [1, 2], bucketCounts: ['1', '2', '3'] }),
      },
    },
    {
      ...head('exponential'),
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: points({ ...scale, scale: 0, zeroCount: '0', positive: { offset: 0, bucketCounts: ['6'] } }),
      },
    },
    {
      ...head('summary'),
      summary: {
        dataPoints: points({ count: '6', sum: 12, quantileValues: [{ quantile: 0.5, value: 2 }] }).map(
          ({ exemplars: _, ...point }) => point,
        ),
      },
    },
  ]
  return {
    traces: { resourceSpans },
    logs: {
      resourceLogs: [{ resource: resource('shop'), schemaUrl: mark('schema'), scopeLogs: [{ ...scoped, logRecords }] }],
    },
    metrics: {
      resourceMetrics: [
        { resource: resource('shop'), schemaUrl: mark('schema'), scopeMetrics: [{ ...scoped, metrics }] },
      ],
    },
  }
}
