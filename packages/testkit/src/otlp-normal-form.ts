/**
 * Brings requests in OTLP/JSON form, whoever wrote them, into one form that can be compared: one text for each span, log
 * record or point, with its resource, scope and metric; attributes as maps, of which the last of several counts; defaults
 * left out; 64-bit integers as text, ids in lower-case hex, bytes in base64.
 */
export function normalItems(signal: 'traces' | 'logs' | 'metrics', request: unknown): string[] {
  const { groups, scopes, items } = shapes[signal]
  const found: unknown[] = []
  for (const group of list(request, groups)) {
    for (const scoped of list(group, scopes)) {
      const origin = {
        resource: member(group, 'resource'),
        resourceSchema: member(group, 'schemaUrl'),
        scope: member(scoped, 'scope'),
        scopeSchema: member(scoped, 'schemaUrl'),
      }
      for (const item of list(scoped, items)) {
        if (signal === 'metrics') found.push(...points(item).map((point) => ({ ...origin, ...point })))
        else found.push({ ...origin, item })
      }
    }
  }
  return found.map((item) => text(normal(item, ''))).sort()
}

const shapes = {
  traces: { groups: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  logs: { groups: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
  metrics: { groups: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' },
}

const dataMembers = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']
const attributeMembers = new Set(['attributes', 'filteredAttributes', 'metadata'])
const idMembers = new Set(['traceId', 'spanId', 'parentSpanId'])
const integerMembers = /^(?:intValue|asInt|count|zeroCount|bucketCounts|.*UnixNano)$/
const doubleMembers = /^(?:doubleValue|asDouble|sum|min|max|explicitBounds|zeroThreshold|quantile|value)$/
// To be there at all says something, even with the value 0.
const optionalMembers = /Value$|^asDouble$|^asInt$|^sum$|^min$|^max$/
// Of the profiles signal; elsewhere read as absent.
const ignoredMembers = new Set(['keyStrindex', 'stringValueStrindex'])

function points(metric: unknown): object[] {
  const kind = dataMembers.find((name) => member(metric, name) !== undefined)
  if (kind === undefined) return []
  const { [kind]: data, ...head } = metric as Record<string, unknown>
  const { dataPoints = [], ...dataHead } = data as { dataPoints?: unknown[] }
  return dataPoints.map((point) => {
    // The sum of a summary is not optional, unlike that of a histogram.
    const plain =
      kind === 'summary' && Object.is(Number(member(point, 'sum')), 0) ? { ...(point as object), sum: null } : point
    return { metric: head, kind, data: dataHead, point: plain }
  })
}

function normal(value: unknown, name: string): unknown {
  if (value === null || value === undefined || ignoredMembers.has(name)) return undefined
  if (idMembers.has(name)) return idText(value)
  if (name === 'bytesValue') return bytesText(value)
  if (attributeMembers.has(name)) return attributeMap(value as unknown[])
  if (name === 'value' && typeof value === 'object') return anyValue(value)
  // A body that holds nothing is the same as none.
  if (name === 'body') return hasVariant(value) ? anyValue(value) : undefined
  if (Array.isArray(value)) {
    const elements = value.map((element) => scalarOrNormal(element, name))
    // The exemplars of a point are a set: the engine sorts them by their time.
    return filled(name === 'exemplars' ? elements.sort((a, b) => (text(a) < text(b) ? -1 : 1)) : elements)
  }
  if (typeof value === 'object') return normalObject(value as Record<string, unknown>)
  const scalar = scalarOrNormal(value, name)
  if (optionalMembers.test(name)) return scalar
  return scalar === 0 || scalar === '' || scalar === '0' || scalar === false ? undefined : scalar
}

function normalObject(object: Record<string, unknown>): unknown {
  const members = Object.entries(object)
    .map(([name, value]) => [name, normal(value, name)] as const)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return members.length === 0 ? undefined : members
}

function scalarOrNormal(value: unknown, name: string): unknown {
  if (typeof value === 'object') return normal(value, name) ?? {}
  if (integerMembers.test(name)) return String(value)
  if (!doubleMembers.test(name)) return value
  const number = Number(value)
  return Object.is(number, -0) ? '-0' : String(number)
}

function anyValue(value: unknown): unknown {
  const [[name, inner] = ['', undefined]] = variants(value)
  if (name === 'arrayValue') return { [name]: list(inner, 'values').map((element) => anyValue(element ?? {})) }
  if (name === 'kvlistValue') {
    return {
      [name]: list(inner, 'values').map((pair) => [member(pair, 'key') ?? '', anyValue(member(pair, 'value') ?? {})]),
    }
  }
  return name === '' ? {} : { [name]: normal(inner, name) }
}

function variants(value: unknown): [string, unknown][] {
  return Object.entries(value as Record<string, unknown>).filter(
    ([key, given]) => given !== null && !ignoredMembers.has(key),
  )
}

function hasVariant(value: unknown): boolean {
  return variants(value).length > 0
}

function attributeMap(attributes: unknown[]): unknown {
  const map = new Map(attributes.map((pair) => [member(pair, 'key') ?? '', anyValue(member(pair, 'value') ?? {})]))
  return filled([...map].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

/** An id that is not valid counts as none; spans with such an own id never get here. */
function idText(value: unknown): string | undefined {
  const hex = (typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('hex')).toLowerCase()
  return (hex.length === 16 || hex.length === 32) && /[^0]/.test(hex) ? hex : undefined
}

function bytesText(value: unknown): string {
  return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('base64')
}

function filled(values: unknown[]): unknown[] | undefined {
  return values.length === 0 ? undefined : values
}

function list(object: unknown, name: string): unknown[] {
  return (member(object, name) as unknown[] | undefined) ?? []
}

function member(object: unknown, name: string): unknown {
  return (object as Record<string, unknown> | undefined)?.[name]
}

function text(value: unknown): string {
  return JSON.stringify(value)
}
