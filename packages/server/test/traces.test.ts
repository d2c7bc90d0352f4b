import { type TraceAnswer, type TracesAnswer, traceAnswer, tracesAnswer } from '@burstlet/contract/traces'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { hexOf, receivedNow } from './rows/times.ts'
import { createTestApi, get, problemOf } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const end = Date.now() - 60_000
const spans = randomTraces(250, end)
let engine: TestEngine
let app: FastifyInstance

beforeAll(async () => {
  engine = await startTestEngine()
  app = await createTestApi(engine.reader)
  await insertSpans(engine, spans)
})
afterAll(async () => {
  await app?.close()
  await engine?.stop()
})

interface Expected {
  traceId: string
  rootOperation: string
  durationMs: number
  spanCount: number
  errorCount: number
  services: string[]
}

/** What the search must find, from the spans themselves. */
function expected(matches: (span: TestSpan) => boolean): Expected[] {
  const traces = Map.groupBy(spans, (span) => hexOf(span.traceId))
  return [...traces]
    .flatMap(([traceId, all]) => {
      const found = all.filter(matches).map((span) => span.startNs)
      if (found.length === 0) return []
      const first = leastOf(all.map(({ startNs }) => startNs))
      const last = -leastOf(all.map((span) => -(span.startNs + span.durationNs)))
      const root = all.find(({ parentId }) => parentId === '')!
      return {
        firstMatch: leastOf(found),
        item: {
          traceId,
          rootOperation: root.name,
          durationMs: Number(last - first) / 1e6,
          spanCount: all.length,
          errorCount: all.filter(({ status }) => status === 2).length,
          services: [...new Set(all.map(({ service }) => service))].sort(),
        },
      }
    })
    .sort((a, b) => {
      if (a.firstMatch !== b.firstMatch) return a.firstMatch < b.firstMatch ? 1 : -1
      return a.item.traceId < b.item.traceId ? 1 : -1
    })
    .map(({ item }) => item)
}

const leastOf = (values: bigint[]) => values.toSorted((a, b) => (a < b ? -1 : 1))[0]!

/** All pages, one after the other. */
async function search(query: Record<string, unknown>, limit = 1000): Promise<Expected[]> {
  const items: Expected[] = []
  let cursor: string | null = null
  do {
    const page: TracesAnswer = tracesAnswer.parse(
      await get(app, '/traces', { ...query, limit, ...(cursor && { cursor }) }),
    )
    expect(page.items.length).toBeLessThanOrEqual(limit)
    items.push(
      ...page.items.map(({ traceId, rootOperation, durationMs, spanCount, errorCount, services }) => ({
        traceId,
        rootOperation,
        durationMs,
        spanCount,
        errorCount,
        services,
      })),
    )
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

describe('GET /traces', () => {
  test('pages hold every trace once, newest first', async () => {
    const all = expected(() => true)
    expect(await search({}, 7)).toEqual(all)
    expect(await search({ from: end - 300_000 }, 1)).toEqual(
      expected((span) => span.startNs >= BigInt(end - 300_000) * 1_000_000n),
    )
    expect(await search({}, 250)).toEqual(all)
  })

  test('service, operation and status hold for one span together', async () => {
    const query = { service: 'video', operation: 'query', status: 'error' }
    const found = await search(query, 5)
    expect(found).toEqual(expected((span) => span.service === 'video' && span.name === 'query' && span.status === 2))
    expect(found.length).toBeGreaterThan(3)
    expect(await search({ status: 'ok' })).toEqual(expected((span) => span.status !== 2))
  })

  test('durations are of the whole trace', async () => {
    const between = (least: number, most: number) =>
      expected(() => true).filter(({ durationMs }) => durationMs >= least && durationMs <= most)
    expect(await search({ minDuration: 600 }, 10)).toEqual(between(600, Infinity))
    expect(await search({ maxDuration: 200 }, 10)).toEqual(between(0, 200))
    expect(await search({ minDuration: 300, maxDuration: 500 })).toEqual(between(300, 500))
  })

  test('the range is over the spans that match', async () => {
    const from = end - 1_800_000
    const to = end - 600_000
    const within = (span: TestSpan) =>
      span.startNs >= BigInt(from) * 1_000_000n && span.startNs < BigInt(to) * 1_000_000n
    expect(await search({ from, to }, 20)).toEqual(expected(within))
    expect(await search({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })).toEqual(
      expected(within),
    )
    expect(await search({ from: 'now-2m', to: 'now+1h' })).toEqual(
      expected((span) => span.startNs >= BigInt(Date.now() - 120_000) * 1_000_000n),
    )
  })

  test('nothing found is an empty page', async () => {
    expect(await get(app, '/traces', { service: 'nobody' })).toEqual({ items: [], nextCursor: null })
    expect(await get(app, '/traces', { from: 'now-9d', to: 'now-8d' })).toEqual({ items: [], nextCursor: null })
  })

  test('another space sees nothing', async () => {
    await engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind)
              VALUES ('other', now(), 'secret', now64(9), 1, 'other-0000000000', 'other-00', 'hidden', 2)`,
    })
    expect(await search({ service: 'secret' })).toEqual([])
    expect((await problemOf(app, `/traces/${hexOf('other-0000000000')}`)).status).toBe(404)
  })
})

describe('filters', () => {
  const status = (span: TestSpan) => span.integers['http.response.status_code'] ?? span.integers['http.status_code']
  const method = (span: TestSpan) => span.strings['http.request.method'] ?? span.strings['http.method']
  const route = (span: TestSpan) => span.strings['http.route'] ?? ''
  const ms = (span: TestSpan) => Number(span.durationNs) / 1e6
  test.each<[string, (span: TestSpan) => boolean]>([
    ["service.name = 'video'", (s) => s.service === 'video'],
    ["service.name != 'video'", (s) => s.service !== 'video'],
    ["http.request.method = 'GET'", (s) => method(s) === 'GET'],
    ["http.method IN ('POST', 'PUT')", (s) => method(s) === 'POST'],
    ['http.status_code >= 500', (s) => (status(s) ?? 0) >= 500],
    ['http.response.status_code < 300', (s) => (status(s) ?? 999) < 300],
    ['http.response.status_code = 404', (s) => status(s) === 404],
    ['http.response.status_code != 404', (s) => status(s) !== undefined && status(s) !== 404],
    ['NOT http.response.status_code = 404', (s) => status(s) !== 404],
    ["http.response.status_code = '404'", () => false],
    ['http.response.status_code IN (404, 503)', (s) => [404, 503].includes(status(s) ?? 0)],
    ['http.route EXISTS', (s) => route(s) !== ''],
    ['http.route NOT EXISTS', (s) => route(s) === ''],
    ["http.route LIKE '/videos/%'", (s) => route(s).startsWith('/videos/')],
    ["NOT http.route LIKE '/internal/%'", (s) => !route(s).startsWith('/internal/')],
    ["http.route REGEXP ':id$'", (s) => route(s).endsWith(':id')],
    ["http.route CONTAINS 'VIDEO'", (s) => route(s).includes('video')],
    ['retry = true', (s) => s.booleans['retry'] === true],
    ['retry = false', (s) => s.booleans['retry'] === false],
    ['retry != true', (s) => s.booleans['retry'] === false],
    ['ratio > 0.5', (s) => (s.doubles['ratio'] ?? 0) > 0.5],
    ['ratio <= 0.25', (s) => (s.doubles['ratio'] ?? 1) <= 0.25],
    ['attempt = 0', (s) => s.integers['attempt'] === 0],
    ['attempt < 1.5', (s) => (s.integers['attempt'] ?? 9) < 1.5],
    ['k = 5', () => false],
    ["k = '5'", (s) => s.strings['k'] === '5'],
    ["k > 'v1'", (s) => s.strings['k'] === 'v2'],
    ["user.id = 'u3'", (s) => s.strings['user.id'] === 'u3'],
    ["user.id != 'u3'", (s) => 'user.id' in s.strings && s.strings['user.id'] !== 'u3'],
    ["NOT user.id = 'u3'", (s) => s.strings['user.id'] !== 'u3'],
    ['user.id EXISTS', (s) => 'user.id' in s.strings],
    ['user.id NOT EXISTS', (s) => !('user.id' in s.strings)],
    ['user.id IN (u1, u2)', (s) => ['u1', 'u2'].includes(s.strings['user.id'] ?? '')],
    ["user.id NOT IN ('u1')", (s) => s.strings['user.id'] !== 'u1'],
    ["url.full CONTAINS '/videos/9'", (s) => s.strings['url.full']?.includes('/videos/9') ?? false],
    ['duration > 250ms', (s) => ms(s) > 250],
    ['duration <= 0.05s', (s) => ms(s) <= 50],
    ['duration >= 400', (s) => ms(s) >= 400],
    ['kind = server', (s) => s.kind === 2],
    ['kind IN (client, producer)', (s) => s.kind === 3 || s.kind === 4],
    ['status = error', (s) => s.status === 2],
    ['status != error', (s) => s.status !== 2],
    ["name = 'POST /upload'", (s) => s.name === 'POST /upload'],
    ['connection', (s) => s.name === 'Connection refused'],
    ['"POST /up"', (s) => s.name === 'POST /upload'],
    ["resource.host.name = 'h1'", (s) => s.host === 'h1'],
    ["host.name != 'h1'", (s) => s.host === 'h2'],
    [`trace_id = ${hexOf(spans[0]!.traceId)}`, (s) => s.traceId === spans[0]!.traceId],
    [`span_id = ${hexOf(spans[0]!.spanId)}`, (s) => s.spanId === spans[0]!.spanId],
    ['parent_id NOT EXISTS AND kind = consumer', (s) => s.parentId === '' && s.kind === 5],
    [
      "kind = server AND (status = error OR http.status_code = 503) AND NOT k = 'v1'",
      (s) => s.kind === 2 && (s.status === 2 || status(s) === 503) && s.strings['k'] !== 'v1',
    ],
    ['service.name = video retry = true', (s) => s.service === 'video' && s.booleans['retry'] === true],
  ])('%s', async (filter, matches) => {
    expect(await search({ filter })).toEqual(expected(matches))
  })

  test.each([
    ['a = ', 'column 5'],
    ["kind = 'sideways'", 'column 8'],
    ['trace_id = 12', 'column 12'],
    ['duration = fast', 'column 12'],
    ['duration LIKE 5', 'column 1'],
    ['retry > true', 'column 9'],
    ["kind = server AND name REGEXP 'x('", 'column 31'],
  ])('%s is refused: %s', async (filter, message) => {
    const problem = await problemOf(app, '/traces', { filter })
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', errors: [{ path: 'filter' }] })
    expect(problem.detail).toContain(message)
  })

  test('a value is never SQL', async () => {
    for (const text of ["'", "\\' OR 1 = 1 --", '{p0:String}', '%', '\0', '🙂']) {
      const quoted = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
      expect(await search({ filter: `k = ${quoted}` })).toEqual([])
      expect(await search({ service: text })).toEqual([])
    }
  })
})

describe('GET /traces/:traceId', () => {
  const one = [...Map.groupBy(spans, (span) => span.traceId).values()].find((all) => all.length === 6)!
  const traceId = hexOf(one[0]!.traceId)

  test('holds every span with its attributes, moved ones included', async () => {
    const trace = traceAnswer.parse(await get(app, `/traces/${traceId}`))
    expect(trace.nextCursor).toBeNull()
    const byId = new Map(trace.spans.map((span) => [span.spanId, span]))
    expect(byId.size).toBe(6)
    for (const sent of one) {
      expect(byId.get(hexOf(sent.spanId))).toMatchObject({
        traceId,
        parentSpanId: sent.parentId === '' ? null : hexOf(sent.parentId),
        service: sent.service,
        name: sent.name,
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
    const whole: TraceAnswer = await get(app, `/traces/${traceId}`)
    const spanIds: string[] = []
    let cursor: string | null = null
    do {
      const page: TraceAnswer = await get(app, `/traces/${traceId}`, { limit: 4, ...(cursor && { cursor }) })
      spanIds.push(...page.spans.map((span) => span.spanId))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(spanIds).toEqual(whole.spans.map((span) => span.spanId))
  })

  test('events and links keep what they have', async () => {
    await engine.insert('spans', [
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
    const trace: TraceAnswer = await get(app, `/traces/${hexOf('far-future-trace')}`)
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
    expect(await get(app, `/traces/${traceId.toUpperCase()}`)).toMatchObject({ traceId })
    expect(await problemOf(app, `/traces/${'f'.repeat(32)}`)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await problemOf(app, '/traces/xyz')).toMatchObject({ status: 400, errors: [{ path: 'traceId' }] })
  })
})

test.each<[Record<string, unknown>, string]>([
  [{ limt: 5 }, 'limt'],
  [{ limit: 0 }, 'limit'],
  [{ limit: 1001 }, 'limit'],
  [{ from: 'yesterday' }, 'from'],
  [{ from: 'now', to: 'now-1h' }, 'from'],
  [{ status: 'broken' }, 'status'],
  [{ minDuration: -1 }, 'minDuration'],
  [{ cursor: 'nonsense' }, 'cursor'],
  [{ cursor: Buffer.from('["9999999999999999999",""]').toString('base64url') }, 'cursor'],
  [{ service: ['a', 'b'] }, 'service'],
])('%j is refused, naming %s', async (query, path) => {
  const problem = await problemOf(app, '/traces', query)
  expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', errors: [{ path }] })
  expect(problem.requestId).toBeTruthy()
})

test('a resource that arrives after its spans is shown from then on', async () => {
  const traceId = '00000000000000000000000000c0ffee'
  await engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind, res_hash)
SELECT 'default', now(), 'late', now64(9), 1, unhex('${traceId}'), unhex('00000000000000aa'), 'x', 2, 4711`,
  })
  const resource = async () => {
    const { spans: found }: TraceAnswer = traceAnswer.parse(await get(app, `/traces/${traceId}`))
    return found[0]!.resource
  }
  expect(await resource()).toEqual({})
  await engine.insert('resources', [
    { space: 'default', received: receivedNow(), hash: '4711', service: 'late', attr_s: { 'host.name': 'h9' } },
  ])
  expect(await resource()).toEqual({ 'host.name': 'h9' })
  // What is known is not asked for again.
  await engine.writer.command({ query: 'TRUNCATE TABLE resources' })
  expect(await resource()).toEqual({ 'host.name': 'h9' })
})
