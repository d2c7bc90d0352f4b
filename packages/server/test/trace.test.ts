import { type TraceResponse, traceResponse } from '@burstlet/contract/traces'
import { describe, expect, test } from 'vitest'
import { hexOf, receivedNow } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'
import { spans, tracesApi } from './traces-api.ts'

const api = tracesApi()

describe('GET /traces/:traceId', () => {
  const one = [...Map.groupBy(spans, (span) => span.traceId).values()].find((all) => all.length === 6)!
  const traceId = hexOf(one[0]!.traceId)

  test('holds every span with its attributes, moved ones included', async () => {
    const trace = traceResponse.parse(await get(api.app, `/traces/${traceId}`))
    expect(trace.nextCursor).toBeNull()
    const byId = new Map(trace.spans.map((span) => [span.spanId, span]))
    expect(byId.size).toBe(6)
    for (const sent of one) {
      expect(byId.get(hexOf(sent.spanId))).toMatchObject({
        traceId,
        parentSpanId: sent.parentId === '' ? null : hexOf(sent.parentId),
        service: sent.service,
        name: sent.name,
        kind: ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'][sent.kind],
        status: ['unset', 'ok', 'error'][sent.status],
        startTimeUnixNano: String(sent.startNs),
        endTimeUnixNano: String(sent.startNs + sent.durationNs),
        durationMs: Number(sent.durationNs) / 1e6,
        attributes: { ...sent.strings, ...sent.integers, ...sent.doubles, ...sent.booleans },
        resource: { 'service.name': sent.service, 'host.name': sent.host },
      })
    }
    const starts = trace.spans.map((span) => span.startTimeUnixNano)
    expect(starts).toEqual([...starts].sort())
  })

  test('comes in pages', async () => {
    const whole: TraceResponse = await get(api.app, `/traces/${traceId}`)
    const spanIds: string[] = []
    let cursor: string | null = null
    do {
      const page: TraceResponse = await get(api.app, `/traces/${traceId}`, { limit: 4, ...(cursor && { cursor }) })
      spanIds.push(...page.spans.map((span) => span.spanId))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(spanIds).toEqual(whole.spans.map((span) => span.spanId))
  })

  test('events and links keep what they have', async () => {
    await api.engine.insert('spans', [
      {
        space: 'default',
        received: new Date().toISOString().slice(0, 19).replace('T', ' '),
        service: 'video',
        start: '2200-01-01 00:00:00.000000001',
        duration: '-5',
        trace_id: 'far-future-trace',
        span_id: 'far-span',
        name: 'far',
        'events.time': ['2200-01-01 00:00:00.000000002'],
        'events.name': ['exception'],
        'events.attributes': [
          '{"a":"b","n":{"intValue":"9007199254740993"},"l":{"arrayValue":{"values":[{"doubleValue":1.5}]}}}',
        ],
        'events.dropped_attributes': [3],
        'links.trace_id': ['linked-trace-000'],
        'links.span_id': ['linked-0'],
        'links.trace_state': ['a=b'],
        'links.flags': [1],
        'links.attributes': [''],
        'links.dropped_attributes': [0],
        attr_x: { tree: '{"kvlistValue":{"values":[{"key":"__proto__","value":{"bytesValue":"AQI="}}]}}' },
      },
    ])
    const trace: TraceResponse = await get(api.app, `/traces/${hexOf('far-future-trace')}`)
    const [span] = trace.spans
    expect(span).toMatchObject({
      startTimeUnixNano: '7258118400000000001',
      endTimeUnixNano: '7258118399999999996',
      durationMs: 0,
      events: [
        {
          name: 'exception',
          timeUnixNano: '7258118400000000002',
          attributes: { a: 'b', n: '9007199254740993', l: [1.5] },
          droppedAttributesCount: 3,
        },
      ],
      links: [
        { traceId: hexOf('linked-trace-000'), spanId: hexOf('linked-0'), traceState: 'a=b', flags: 1, attributes: {} },
      ],
    })
    expect(JSON.stringify(span?.attributes)).toBe('{"tree":{"__proto__":{"bytesValue":"AQI="}}}')
  })

  test('ids are hex of any case; what is not there is 404', async () => {
    expect(await get(api.app, `/traces/${traceId.toUpperCase()}`)).toMatchObject({ traceId })
    expect(await problemOf(api.app, `/traces/${'f'.repeat(32)}`)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await problemOf(api.app, '/traces/xyz')).toMatchObject({ status: 400, errors: [{ path: 'traceId' }] })
  })
})

test('a resource that arrives after its spans is shown from then on', async () => {
  const traceId = '00000000000000000000000000c0ffee'
  await api.engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind, res_hash)
SELECT 'default', now(), 'late', now64(9), 1, unhex('${traceId}'), unhex('00000000000000aa'), 'x', 2, 4711`,
  })
  const resource = async () => {
    const { spans: found }: TraceResponse = traceResponse.parse(await get(api.app, `/traces/${traceId}`))
    return found[0]!.resource
  }
  expect(await resource()).toEqual({})
  await api.engine.insert('resources', [
    { space: 'default', received: receivedNow(), hash: '4711', service: 'late', attr_s: { 'host.name': 'h9' } },
  ])
  expect(await resource()).toEqual({ 'host.name': 'h9' })
  // What is known is not asked for again.
  await api.engine.writer.command({ query: 'TRUNCATE TABLE resources' })
  expect(await resource()).toEqual({ 'host.name': 'h9' })
})
