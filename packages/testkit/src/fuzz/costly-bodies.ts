import type { Signal } from '../captures.ts'

/** A request body that is cheap to send, and was dear to read or could be: one kind of part, as often as it fits. */
export interface CostlyBody {
  readonly name: string
  readonly signal: Signal
  readonly encoding: 'protobuf' | 'json'
  /** @param bytes about its size, uncompressed */
  readonly content: (bytes: number) => Uint8Array
}

const nothing = Buffer.alloc(0)
const id = (bytes: number) => Buffer.alloc(bytes, 1)
const text = (value: string) => Buffer.from(value)

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return Buffer.from([...bytes, rest])
}

/** A length-delimited field. */
function field(number: number, body: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(body.length), body])
}

/** The same field again and again. */
function repeated(bytes: number, element: Uint8Array): Buffer {
  return Buffer.alloc(Math.max(1, Math.floor(bytes / element.length)) * element.length, element)
}

const resourceOf = (body: Uint8Array) => field(1, body)
const scopeOf = (body: Uint8Array) => resourceOf(field(2, body))
const itemOf = (body: Uint8Array) => scopeOf(field(2, body))
const span = Buffer.concat([field(1, id(16)), field(2, id(8)), field(5, text('GET'))])
const spanWith = (more: Uint8Array) => itemOf(Buffer.concat([span, more]))
const metric = (data: number, body: Uint8Array) => itemOf(Buffer.concat([field(1, text('m')), field(data, body)]))
const cumulative = Buffer.from([0x10, 2])
const time = Buffer.concat([Buffer.from([0x19]), Buffer.alloc(8, 0x11)])
const histogram = (more: Uint8Array) => metric(9, Buffer.concat([field(1, Buffer.concat([time, more])), cumulative]))
const exponential = (more: Uint8Array) => metric(10, Buffer.concat([field(1, Buffer.concat([time, more])), cumulative]))

function nested(levels: number, tag: number): Uint8Array {
  let body: Uint8Array = nothing
  for (let i = 0; i < levels; i++) body = field(tag, field(1, tag === 6 ? field(2, body) : body))
  return body
}

const proto = (signal: Signal, name: string, content: CostlyBody['content']): CostlyBody => ({
  name,
  signal,
  encoding: 'protobuf',
  content,
})
const json = (signal: Signal, name: string, content: (bytes: number) => string): CostlyBody => ({
  name,
  signal,
  encoding: 'json',
  content: (bytes) => Buffer.from(content(bytes)),
})
/** The piece, with commas, between two texts. */
const list = (before: string, piece: string, after: string) => (bytes: number) =>
  `${before}${`${piece},`.repeat(Math.floor(bytes / (piece.length + 1)))}${piece}${after}`
const log = (before: string, piece: string, after: string) =>
  list(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${before}`, piece, `${after}]}]}]}`)

export const costlyBodies: readonly CostlyBody[] = [
  proto('traces', 'empty resources', (bytes) => repeated(bytes, resourceOf(nothing))),
  proto('traces', 'empty scopes', (bytes) => resourceOf(repeated(bytes, field(2, nothing)))),
  proto('traces', 'empty spans', (bytes) => scopeOf(repeated(bytes, field(2, nothing)))),
  proto('logs', 'empty log records', (bytes) => scopeOf(repeated(bytes, field(2, nothing)))),
  proto('metrics', 'empty metrics', (bytes) => scopeOf(repeated(bytes, field(2, nothing)))),
  proto('metrics', 'empty points', (bytes) => metric(5, repeated(bytes, field(1, nothing)))),
  proto('metrics', 'empty histogram points', (bytes) => metric(9, repeated(bytes, field(1, nothing)))),
  proto('metrics', 'empty exponential points', (bytes) => metric(10, repeated(bytes, field(1, nothing)))),
  proto('metrics', 'empty summary points', (bytes) => metric(11, repeated(bytes, field(1, nothing)))),
  proto('metrics', 'empty data of many kinds', (bytes) =>
    itemOf(repeated(bytes, Buffer.concat([5, 7, 9, 10, 11].map((number) => field(number, nothing))))),
  ),
  proto('metrics', 'empty metadata', (bytes) => itemOf(repeated(bytes, field(12, nothing)))),
  proto('traces', 'empty attributes of a resource', (bytes) =>
    resourceOf(field(1, repeated(bytes, field(1, nothing)))),
  ),
  proto('traces', 'empty entity refs', (bytes) => resourceOf(field(1, repeated(bytes, field(3, nothing))))),
  proto('traces', 'empty attributes of a scope', (bytes) => scopeOf(field(1, repeated(bytes, field(3, nothing))))),
  proto('traces', 'empty attributes of a span', (bytes) => spanWith(repeated(bytes, field(9, nothing)))),
  proto('traces', 'the same attribute', (bytes) =>
    spanWith(repeated(bytes, field(9, Buffer.concat([field(1, text('k')), field(2, field(1, text('v')))])))),
  ),
  proto('traces', 'spans of a thousand empty attributes', (bytes) => {
    const one = field(2, Buffer.concat([span, repeated(2000, field(9, nothing))]))
    return scopeOf(repeated(bytes, one))
  }),
  proto('traces', 'spans of a thousand attributes', (bytes) => {
    const attributes = Array.from({ length: 1000 }, (_, i) => field(9, field(1, text(`k${i}`))))
    return scopeOf(repeated(bytes, field(2, Buffer.concat([span, ...attributes]))))
  }),
  proto('traces', 'empty events', (bytes) => spanWith(repeated(bytes, field(11, nothing)))),
  proto('traces', 'empty links', (bytes) => spanWith(repeated(bytes, field(13, nothing)))),
  proto('traces', 'empty attributes of an event', (bytes) => spanWith(field(11, repeated(bytes, field(3, nothing))))),
  proto('traces', 'events of empty attributes', (bytes) =>
    spanWith(repeated(bytes, field(11, repeated(20_000, field(3, nothing))))),
  ),
  proto('traces', 'a body of names', (bytes) => itemOf(repeated(bytes, field(5, nothing)))),
  proto('traces', 'statuses', (bytes) => spanWith(repeated(bytes, field(15, nothing)))),
  proto('traces', 'unknown fields', (bytes) => repeated(bytes, Buffer.from([0xf8, 0x3f, 0]))),
  proto('traces', 'trace states with a sampling rate', (bytes) =>
    scopeOf(repeated(bytes, field(2, Buffer.concat([span, field(3, text('ot=th:8'))])))),
  ),
  proto('traces', 'spans of errors', (bytes) => {
    const attribute = (key: string, value: string) =>
      field(3, Buffer.concat([field(1, text(key)), field(2, field(1, text(value)))]))
    const stack = attribute('exception.stacktrace', `Error: x${'\n    at f (/a/b.js:1:2)'.repeat(50)}`)
    const event = field(11, Buffer.concat([field(2, text('exception')), attribute('exception.type', 'E'), stack]))
    return scopeOf(repeated(bytes, field(2, Buffer.concat([span, event]))))
  }),
  proto('traces', 'one error with a long stack', (bytes) => {
    const value = field(2, field(1, text('\n    at f (/a/b.js:1:2)'.repeat(Math.floor(Math.min(bytes, 4e6) / 23)))))
    const attribute = field(3, Buffer.concat([field(1, text('exception.stacktrace')), value]))
    return spanWith(field(11, Buffer.concat([field(2, text('exception')), attribute])))
  }),
  proto('metrics', 'bucket counts, packed', (bytes) => histogram(field(6, Buffer.alloc(bytes - (bytes % 8))))),
  proto('metrics', 'bucket counts, one by one', (bytes) =>
    histogram(repeated(bytes, Buffer.concat([Buffer.from([0x31]), Buffer.alloc(8)]))),
  ),
  proto('metrics', 'exponential bucket counts, packed', (bytes) =>
    exponential(field(8, field(2, Buffer.alloc(bytes)))),
  ),
  proto('metrics', 'exponential bucket counts, one by one', (bytes) =>
    exponential(field(8, repeated(bytes, Buffer.from([0x10, 0])))),
  ),
  proto('metrics', 'exponential buckets again and again', (bytes) => exponential(repeated(bytes, field(8, nothing)))),
  proto('metrics', 'empty quantiles', (bytes) =>
    metric(11, field(1, Buffer.concat([time, repeated(bytes, field(6, nothing))]))),
  ),
  proto('metrics', 'empty exemplars', (bytes) => histogram(repeated(bytes, field(8, nothing)))),
  proto('metrics', 'points that differ in one attribute', (bytes) => {
    const point = (i: number) => {
      const attribute = field(7, Buffer.concat([field(1, text('k')), field(2, field(1, text(`v${i}`)))]))
      return field(1, Buffer.concat([time, attribute]))
    }
    const points = Array.from({ length: Math.min(1_000_000, Math.floor(bytes / 30)) }, (_, i) => point(i))
    return metric(5, Buffer.concat(points))
  }),
  proto('logs', 'a body of empty values', (bytes) => itemOf(field(5, field(5, repeated(bytes, field(1, nothing)))))),
  proto('logs', 'a body of empty keys', (bytes) => itemOf(field(5, field(6, repeated(bytes, field(1, nothing)))))),
  proto('logs', 'a body of different keys', (bytes) => {
    const keys = Array.from({ length: Math.floor(bytes / 10) }, (_, i) => field(1, field(1, text(i.toString(36)))))
    return itemOf(field(5, field(6, Buffer.concat(keys))))
  }),
  proto('logs', 'bodies nested 190 deep', (bytes) => scopeOf(repeated(bytes, field(2, field(5, nested(190, 5)))))),
  proto('logs', 'bodies of maps nested 190 deep', (bytes) =>
    scopeOf(repeated(bytes, field(2, field(5, nested(190, 6))))),
  ),
  proto('logs', 'a body nested without end', (bytes) => {
    // The lengths of all levels are those of the innermost: what is wrong is seen before they are.
    return itemOf(field(5, nested(Math.min(2000, Math.floor(bytes / 8)), 5)))
  }),
  proto('logs', 'a body of control characters', (bytes) =>
    itemOf(field(5, field(5, field(1, field(1, Buffer.alloc(Math.min(bytes, 4e6), 1)))))),
  ),
  proto('logs', 'different attribute keys', (bytes) => {
    const records = Array.from({ length: Math.floor(bytes / 18) }, (_, i) =>
      field(2, field(6, field(1, text(`key.${i.toString(36)}`)))),
    )
    return scopeOf(Buffer.concat(records))
  }),
  json('logs', 'empty resources in JSON', list('{"resourceLogs":[', '{}', ']}')),
  json('logs', 'empty scopes in JSON', list('{"resourceLogs":[{"scopeLogs":[', '{}', ']}]}')),
  json('logs', 'empty log records in JSON', log('', '{}', '')),
  json('logs', 'empty attributes in JSON', log('{"attributes":[', '{}', ']}')),
  json('logs', 'a body of nulls in JSON', log('{"body":{"arrayValue":{"values":[', 'null', ']}}}')),
  json('logs', 'a name again and again in JSON', log('{', '"body":{}', '}')),
  json('logs', 'unknown values in JSON', list('{"new":[', '0', ']}')),
  json('logs', 'unknown objects in JSON', list('{"new":[', '{}', ']}')),
  json('logs', 'brackets without end in JSON', (bytes) => '['.repeat(bytes)),
  json('logs', 'unknown brackets without end in JSON', (bytes) => `{"new":${'['.repeat(bytes)}`),
  json('logs', 'a digit string without end in JSON', (bytes) => `{"new":${'9'.repeat(bytes)}}`),
  json('logs', 'long integers in JSON', log('{"attributes":[', `{"value":{"intValue":${'9'.repeat(400)}}}`, ']}')),
  json('logs', 'an integer of many digits in JSON', (bytes) =>
    log(`{"body":{"intValue":${'9'.repeat(bytes)}}}`, '{}', '')(1),
  ),
  json('logs', 'an exponent without end in JSON', (bytes) =>
    log(`{"body":{"doubleValue":1e${'9'.repeat(bytes)}}}`, '{}', '')(1),
  ),
  json('logs', 'a time of many digits in JSON', (bytes) => log(`{"timeUnixNano":"${'1'.repeat(bytes)}"}`, '{}', '')(1)),
  json('logs', 'escapes in JSON', (bytes) =>
    log(`{"body":{"stringValue":"${'\\u0001'.repeat(Math.floor(bytes / 6))}"}}`, '{}', '')(1),
  ),
  json('logs', 'escaped names in JSON', log('{', '"\\u0062ody":{}', '}')),
  json('logs', 'white space in JSON', (bytes) => `{${' '.repeat(bytes)}}`),
  json(
    'metrics',
    'bucket counts in JSON',
    list(
      '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1","bucketCounts":[',
      '0',
      ']}]}}]}]}]}',
    ),
  ),
  json(
    'metrics',
    'bounds in JSON',
    list(
      '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1","explicitBounds":[',
      'null',
      ']}]}}]}]}]}',
    ),
  ),
]
