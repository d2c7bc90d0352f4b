import { describe, expect, it } from 'vitest'
import { AnnouncedRows } from './announced-rows.ts'
import { AttributeLimits, type MostAttributes } from './attribute-limits.ts'
import { addRequest, beginBatch, decodeRequest, encodeBatch } from './decode.ts'
import { DecodeError, TooLargeError } from './decode-error.ts'
import type { Signal } from './signal.ts'

const most: MostAttributes = { perRecord: 200, keyBytes: 20, valueBytes: 1000, keys: 6 }
const receivedNanos = 1_795_420_000_000_000_000n
const day = 86_400n * 1_000_000_000n
const origin = { resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] } }

function string(key: string, stringValue = 'v') {
  return { key, value: { stringValue } }
}

function log(name: string, attributes: object[]) {
  return { body: { stringValue: name }, timeUnixNano: '1', attributes }
}

function logsBody(records: object[], more: object = {}): Uint8Array {
  return Buffer.from(JSON.stringify({ resourceLogs: [{ ...origin, scopeLogs: [{ ...more, logRecords: records }] }] }))
}

function spansBody(attributes: object[]): Uint8Array {
  const span = { traceId: '1'.repeat(32), spanId: '1'.repeat(16), name: 's', startTimeUnixNano: '1', attributes }
  return Buffer.from(JSON.stringify({ resourceSpans: [{ ...origin, scopeSpans: [{ spans: [span] }] }] }))
}

function decode(body: Uint8Array, attributeLimits = new AttributeLimits(most), signal: Signal = 'logs', days = 0n) {
  const announced = new AnnouncedRows()
  return decodeRequest(signal, 'json', body, {
    space: 'default',
    receivedNanos: receivedNanos + days * day,
    announced,
    attributeLimits,
  })
}

const keys = (first: number, count: number) => Array.from({ length: count }, (_, i) => string(`k${first + i}`))

describe('a record', () => {
  it.each([
    ['too_many_attributes', Array.from({ length: 201 }, () => string('k'))],
    ['too_many_attributes', Array.from({ length: 5000 }, () => string('k'))],
    ['attribute_key_too_long', [string('k'.repeat(21))]],
    ['attribute_value_too_long', [string('k', 'v'.repeat(1001))]],
    ['attribute_value_too_long', [{ key: 'k', value: { arrayValue: { values: [{ stringValue: 'v'.repeat(999) }] } } }]],
  ])('is rejected for %s, and no other with it', (reason, attributes) => {
    const decoded = decode(logsBody([log('good', [string('k')]), log('bad', attributes), log('good', keys(1, 2))]))
    expect(decoded).toMatchObject({ accepted: 2, rejected: 1, rejections: [{ reason, count: 1 }] })
    expect(decoded.message).toContain('log record "bad"')
  })

  it('may be as large as the limits say', () => {
    const attributes = [
      ...Array.from({ length: 197 }, () => string('k')),
      string('k'.repeat(20)),
      string('v', 'v'.repeat(1000)),
      { key: 'i', value: { intValue: '9223372036854775807' } },
    ]
    expect(decode(logsBody([log('good', attributes)]))).toMatchObject({ accepted: 1, message: '' })
  })

  it('is rejected for its body, its scope and its resource too', () => {
    expect(decode(logsBody([log('b'.repeat(1001), [])])).rejections).toMatchObject([{ reason: 'body_too_long' }])
    const scope = { scope: { attributes: [string('k'.repeat(21))] } }
    expect(decode(logsBody([log('a', []), log('b', [])], scope))).toMatchObject({ accepted: 0, rejected: 2 })
    const resource = { attributes: [string('k', 'v'.repeat(1001))] }
    const points = { gauge: { dataPoints: [{ timeUnixNano: '1', asInt: '1' }] } }
    const body = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'm', ...points }] }] }] }
    const decoded = decode(Buffer.from(JSON.stringify(body)), undefined, 'metrics')
    expect(decoded).toMatchObject({ accepted: 0, rejected: 1, blocks: [] })
    expect(decode(logsBody([log('next', [])]))).toMatchObject({ accepted: 1, rejected: 0 })
  })
})

describe('the keys of a signal', () => {
  it('stay below their limit, and those that are known are taken on', () => {
    const limits = new AttributeLimits(most)
    expect(decode(logsBody([log('a', keys(1, 3)), log('b', keys(1, 6))]), limits)).toMatchObject({ accepted: 2 })
    const over = decode(logsBody([log('c', keys(1, 7)), log('d', keys(2, 3))]), limits)
    expect(over).toMatchObject({ accepted: 1, rejections: [{ reason: 'attribute_key_limit', count: 1 }] })
    expect(over.message).toContain('log record "c", attribute "k7"')
    expect(decode(spansBody(keys(10, 6)), limits, 'traces')).toMatchObject({ accepted: 1 })
  })

  it('keep their places over night', () => {
    const limits = new AttributeLimits(most)
    decode(logsBody([log('a', keys(1, 4))]), limits)
    expect(decode(logsBody([log('a', keys(10, 3))]), limits, 'logs', 1n)).toMatchObject({ rejected: 1 })
    expect(decode(logsBody([log('a', keys(1, 4))]), limits, 'logs', 1n)).toMatchObject({ accepted: 1 })
    // What did not come for a day has lost its place.
    expect(decode(logsBody([log('a', keys(20, 6))]), limits, 'logs', 3n)).toMatchObject({ rejected: 1 })
    expect(decode(logsBody([log('a', keys(20, 6))]), limits, 'logs', 5n)).toMatchObject({ accepted: 1 })
  })

  it('are those of another signal though they are in one batch', () => {
    const limits = new AttributeLimits(most)
    beginBatch({ announced: new AnnouncedRows(), attributeLimits: limits })
    expect(addRequest('default', 'logs', 'json', logsBody([log('a', keys(1, 8))]), receivedNanos).rejected).toBe(1)
    expect(addRequest('default', 'traces', 'json', spansBody(keys(7, 2)), receivedNanos).accepted).toBe(1)
    expect(addRequest('default', 'logs', 'json', logsBody([log('a', keys(1, 6))]), receivedNanos).accepted).toBe(1)
    expect(encodeBatch().blocks.map(({ table, rows }) => [table, rows])).toEqual([
      ['resources', 1],
      ['scopes', 1],
      ['spans', 1],
      ['logs', 1],
    ])
  })

  it('are those of another space though they are in one batch', () => {
    const limits = new AttributeLimits(most)
    beginBatch({ announced: new AnnouncedRows(), attributeLimits: limits })
    expect(addRequest('a', 'logs', 'json', logsBody([log('a', keys(1, 8))]), receivedNanos).rejected).toBe(1)
    expect(addRequest('b', 'logs', 'json', logsBody([log('a', keys(7, 2))]), receivedNanos).accepted).toBe(1)
    expect(addRequest('a', 'logs', 'json', logsBody([log('a', keys(1, 6))]), receivedNanos).accepted).toBe(1)
    expect(decode(logsBody([log('a', keys(20, 6))]), limits)).toMatchObject({ accepted: 1 })
  })

  it('do not fill memory when every record has another, and then spoil no other request of the batch', () => {
    const flood = logsBody(Array.from({ length: 500 }, (_, i) => log(`${i}`, keys(i, 1))))
    expect(decode(flood)).toMatchObject({ accepted: 6, rejected: 494 })
    const limits = new AttributeLimits(most)
    beginBatch({ announced: new AnnouncedRows(), attributeLimits: limits })
    addRequest('default', 'logs', 'json', flood, receivedNanos)
    expect(() => addRequest('default', 'traces', 'json', spansBody(keys(900, 1)), receivedNanos)).toThrow(
      /too many keys/,
    )
  })

  it('are never taken for a key with a column of its own, when there are too many', () => {
    // With `service.name`, as many keys as a batch tells apart.
    const many = Array.from({ length: 4 * most.keys - 1 }, (_, i) => log(`${i}`, keys(i, 1)))
    const records = [...many, log('user', [string('user.id')]), log('unknown', [string('unknown')])]
    expect(decode(logsBody(records))).toMatchObject({ accepted: 6, rejected: 19 })
  })
})

it('refuses an event with so many attributes that they would fill memory', () => {
  const attributes = (count: number) => Array.from({ length: count }, () => ({}))
  const body = (count: number) => {
    const ids = { traceId: '1'.repeat(32), spanId: '1'.repeat(16) }
    const spans = [{ ...ids, events: [{ attributes: attributes(count) }] }]
    return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }))
  }
  expect(decode(body(100_000), undefined, 'traces').accepted).toBe(1)
  const refused = () => decode(body(100_001), undefined, 'traces')
  expect(refused).toThrow(DecodeError)
  expect(refused).toThrow(/more than 100000 attributes/)
})

it('refuses a request whose items are so small that they would fill memory', () => {
  const tiny = (count: number) => {
    const records = Buffer.alloc(count * 2)
    for (let i = 0; i < count; i++) records[i * 2] = 0x12
    return sized(0x0a, sized(0x12, records))
  }
  const context = { space: 'default', receivedNanos, announced: new AnnouncedRows() }
  expect(() => decodeRequest('logs', 'protobuf', tiny(1_000_001), context)).toThrow(TooLargeError)
  expect(decodeRequest('logs', 'protobuf', tiny(150_000), context).accepted).toBe(150_000)
})

function sized(tag: number, content: Uint8Array): Uint8Array {
  const length: number[] = []
  for (let rest = content.length; length.length === 0 || rest > 0; rest >>>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
  }
  return Buffer.concat([Uint8Array.from([tag, ...length]), content])
}
