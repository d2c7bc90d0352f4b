import { captures, plainBody, type Signal } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { describe, expect, it } from 'vitest'
import { transcode } from '../src/json/transcode.ts'

const definitions = otlpDefinitions()

describe.each(captures().filter(({ contentType }) => contentType.startsWith('application/json')))(
  '$file',
  (capture) => {
    it('is the same request in protobuf, by the official definitions', () => {
      const body = plainBody(capture)
      const request = official(capture.signal, transcode(capture.signal, body))
      const sent = JSON.parse(new TextDecoder().decode(body)) as unknown
      expect(normalItems(capture.signal, request)).toEqual(normalItems(capture.signal, sent))
    })
  },
)

describe('OTLP/JSON', () => {
  it('takes snake_case names, upper-case ids and names of enums', () => {
    expect(
      spans(`{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"ABCDEF00000000000000000000000001",
        "parent_span_id":"","kind":"SPAN_KIND_SERVER","status":{"code":"STATUS_CODE_ERROR"}}]}]}]}`),
    ).toMatchObject([
      {
        kind: 2,
        status: { code: 2 },
        traceId: Uint8Array.from(Buffer.from('abcdef00000000000000000000000001', 'hex')),
      },
    ])
  })

  it.each([
    ['9223372036854775807', '9223372036854775807'],
    ['"-9223372036854775808"', '-9223372036854775808'],
    ['9007199254740993', '9007199254740993'],
    ['1.5e3', '1500'],
    ['9.007199254740993e15', '9007199254740993'],
    ['-1', '-1'],
    ['-4294967297', '-4294967297'],
  ])('reads the int64 %s exactly', (json, decimal) => {
    expect(value(`{"intValue":${json}}`)).toEqual({ intValue: decimal })
  })

  it.each([
    ['{"intValue":1e21}', { doubleValue: 1e21 }],
    ['{"intValue":"9223372036854775808"}', { doubleValue: 2 ** 63 }],
    ['{"doubleValue":"NaN"}', { doubleValue: Number.NaN }],
    ['{"doubleValue":"-Infinity"}', { doubleValue: Number.NEGATIVE_INFINITY }],
    ['{"doubleValue":null}', {}],
    ['{"bytesValue":"-_8"}', { bytesValue: Uint8Array.of(0xfb, 0xff) }],
    ['{"arrayValue":{"values":[null,{"boolValue":false}]}}', { arrayValue: { values: [{}, { boolValue: false }] } }],
    ['{"stringValue":"\\u0000\\ud83d\\ude9a","somethingNew":[{}]}', { stringValue: '\u0000🚚' }],
  ])('reads the value %s', (json, wanted) => {
    expect(value(json)).toEqual(wanted)
  })

  it('keeps the place of a double that JSON could not say', () => {
    const point = '{"bucketCounts":["1","2","3"],"explicitBounds":[1,null]}'
    const json = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"histogram":{"dataPoints":[${point}]}}]}]}]}`
    const request = official('metrics', transcode('metrics', Buffer.from(json)))
    expect(request).toMatchObject({
      resourceMetrics: [
        { scopeMetrics: [{ metrics: [{ histogram: { dataPoints: [{ explicitBounds: [1, Number.NaN] }] } }] }] },
      ],
    })
  })

  it.each(['-1', '"-5"', '18446744073709551616', '1e300'])('makes the time %s one that is out of range', (time) => {
    const [span] = spans(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":${time}}]}]}]}`)
    expect(span).toEqual({ startTimeUnixNano: '18446744073709551615' })
  })

  it.each([
    ['[]', /^not a valid OTLP\/JSON request: \$ must be an object/],
    ['{"resourceSpans":{}}', /\$\.resourceSpans must be an array/],
    [
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xy"}]}]}]}',
      /\$\.resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.traceId must be a string of hex digits/,
    ],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":1}]}]}]}', /spans\[0\]\.name must be a string/],
    [
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"SPAN_KIND_NEW"}]}]}]}',
      /spans\[0\]\.kind must be a number or one of/,
    ],
    [
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"flags":-1}]}]}]}',
      /spans\[0\]\.flags must be an integer of 32 bits/,
    ],
    ['{"resourceSpans":', /^not valid JSON/],
    ['', /^not valid JSON/],
  ])('refuses %s and says where', (json, message) => {
    expect(() => transcode('traces', Buffer.from(json))).toThrow(message)
  })

  it('refuses values nested too deeply, known or not, without overflowing the stack', () => {
    const depth = 100_000
    const nested = `${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`
    const request = (name: string) =>
      Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"${name}":${nested}}]}]}]}`)
    expect(() => transcode('logs', request('body'))).toThrow(/nested deeper than 200/)
    expect(() => transcode('logs', request('unknown'))).toThrow(/nested too deeply/)
    const withLongNumber = Buffer.from(`{"a":12345678901234567890,"b":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect(() => transcode('logs', withLongNumber)).toThrow(/nested too deeply/)
  })
})

function official(signal: Signal, bytes: Uint8Array): Record<string, unknown> {
  const type = exportRequestType(definitions, signal)
  return type.toObject(type.decode(bytes), { longs: String })
}

function spans(json: string): unknown[] {
  const request = official('traces', transcode('traces', Buffer.from(json))) as {
    resourceSpans: { scopeSpans: { spans: unknown[] }[] }[]
  }
  return request.resourceSpans[0]!.scopeSpans[0]!.spans
}

function value(json: string): unknown {
  const [span] = spans(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k","value":${json}}]}]}]}]}`)
  return (span as { attributes: { value: unknown }[] }).attributes[0]!.value
}
