import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type LogRecord,
  type LogsContextResponse,
  type LogsFacetsResponse,
  type LogsPatternsResponse,
  logsContextResponse,
  logsFacetsResponse,
  logsPatternsResponse,
} from '@burstlet/contract/logs'
import { type ExemplarsResponse, exemplarsResponse } from '@burstlet/contract/metrics'
import { eventually } from '@burstlet/testkit/eventually'
import { describe, expect, test } from 'vitest'
import type { ReadQuery } from '../src/storage/clickhouse/reader.ts'
import { startedApi } from './engine-and-api.ts'
import { insertLogs, randomLogs, type TestLog } from './rows/logs.ts'
import { hexOf, nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { createTestApi, get, problemOf, type TestApi } from './test-api.ts'
import { bearer } from './test-keys.ts'

const end = Date.now() - 60_000
const logs = randomLogs(300, end)
const api = startedApi((engine) => insertLogs(engine, logs))

const counted = (values: readonly string[]) => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

test.each([{}, { service: 'video' }, { minLevel: 'error' }])(
  'GET /logs/facets counts what %j finds',
  async (search) => {
    const answer: LogsFacetsResponse = logsFacetsResponse.parse(await get(api.app, '/logs/facets', search))
    const of = logs.filter(
      ({ service, severity }) =>
        (!('service' in search) || service === 'video') && (!('minLevel' in search) || severity >= 17),
    )
    expect(answer.sampled).toBe(of.length)
    const facet = (field: string) =>
      new Map(answer.facets.find((each) => each.field === field)?.values.map(({ value, count }) => [value, count]))
    const levels = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']
    expect(facet('service.name')).toEqual(counted(of.map(({ service }) => service)))
    expect(facet('level')).toEqual(counted(of.map(({ severity }) => levels[Math.floor((severity + 3) / 4)]!)))
    expect(facet('plan')).toEqual(counted(of.flatMap(({ strings }) => strings['plan'] ?? [])))
    expect(facet('tries')).toEqual(
      counted(of.flatMap(({ integers }) => ('tries' in integers ? String(integers['tries']) : []))),
    )
  },
)

test('GET /logs/patterns puts bodies together that differ in numbers and ids only', async () => {
  const answer: LogsPatternsResponse = logsPatternsResponse.parse(await get(api.app, '/logs/patterns'))
  // The bodies are made of five phrases, an order number and an id; "30s" is a word with a digit too.
  const shape = ({ body }: TestLog) => body.replace(/ for order .*/, '').replace('30s', '*')
  const expected = Map.groupBy(logs, shape)
  expect(answer.sampled).toBe(logs.length)
  expect(answer.patterns.map(({ pattern }) => pattern).sort()).toEqual(
    [...expected.keys()].map((phrase) => `${phrase} for order * [id=*]`).sort(),
  )
  for (const { pattern, count, services, lastSeen } of answer.patterns) {
    const of = expected.get(pattern.replace(' for order * [id=*]', ''))!
    expect(count).toBe(of.length)
    expect(services).toEqual([...new Set(of.map(({ service }) => service))].sort())
    const newest = Math.max(...of.map(({ timeNs }) => Number(timeNs / 1_000_000n)))
    expect(Date.parse(lastSeen)).toBe(newest)
  }
})

test('GET /logs/context has the neighbours of a record in its service', async () => {
  const own = logs
    .filter(({ service }) => service === 'worker')
    .toSorted((a, b) => (a.timeNs === b.timeNs ? a.id - b.id : a.timeNs < b.timeNs ? -1 : 1))
  const at = Math.floor(own.length / 2)
  const record = own[at]!
  const query = { id: record.id, time: String(record.timeNs), service: 'worker', before: 5, after: 3 }
  const answer: LogsContextResponse = logsContextResponse.parse(await get(api.app, '/logs/context', query))
  expect(answer.record).toMatchObject({ id: String(record.id), message: record.body })
  expect(answer.before.map(({ id }) => Number(id))).toEqual(own.slice(at - 5, at).map(({ id }) => id))
  expect(answer.after.map(({ id }) => Number(id))).toEqual(own.slice(at + 1, at + 4).map(({ id }) => id))
  expect(await problemOf(api.app, '/logs/context', { ...query, id: 999_999 })).toMatchObject({ status: 404 })
})

describe('GET /logs/tail', () => {
  /** Reads events until `enough`, then goes away. */
  async function tail(path: string, during: () => Promise<void>, enough: (events: [string, unknown][]) => boolean) {
    const leave = new AbortController()
    const headers = { accept: 'text/event-stream', authorization: bearer() }
    const response = await fetch(`${await api.app.listen()}${path}`, { headers, signal: leave.signal })
    expect(response.headers.get('content-type')).toMatch('text/event-stream')
    const events: [string, unknown][] = []
    let text = ''
    const writing = during()
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1]
        if (event) events.push([event, JSON.parse(/^data: (.*)$/m.exec(block)![1]!)])
      }
      if (enough(events)) break
    }
    leave.abort()
    await writing
    return events
  }

  /** Records as the decoder numbers them: by the time of receipt. */
  const arriving = (count: number, from: number): TestLog[] =>
    Array.from({ length: count }, (_, index) => ({
      ...logs[0]!,
      id: Number((BigInt(Date.now()) << 22n) + BigInt((from + index) * 4096)),
      timeNs: nsOfMs(Date.now()),
      service: 'tailed',
      severity: index % 2 === 0 ? 9 : 17,
      body: `line ${from + index}`,
    }))

  test('sends what arrives, once and in order, and only what the search finds', async () => {
    const events = await tail(
      '/logs/tail?service=tailed&level=error',
      async () => {
        await insertLogs(api.engine, arriving(6, 0))
        await new Promise((resolve) => setTimeout(resolve, 1500))
        await insertLogs(api.engine, arriving(6, 6))
      },
      (so) => so.length >= 6,
    )
    expect(events.map(([event, data]) => [event, (data as LogRecord).message])).toEqual(
      [1, 3, 5, 7, 9, 11].map((line) => ['log', `line ${line}`]),
    )
  })

  test('tells how many it left out', async () => {
    const events = await tail(
      '/logs/tail?service=tailed',
      () => insertLogs(api.engine, arriving(700, 1000)),
      (so) => so.some(([event]) => event === 'skipped') && so.length >= 501,
    )
    const skipped = events.find(([event]) => event === 'skipped')
    expect(skipped?.[1]).toEqual({ records: 200 })
    expect(events.filter(([event]) => event === 'log')).toHaveLength(500)
    expect(events.at(-1)?.[1]).toMatchObject({ message: 'line 1699' })
  })
})

describe('GET /logs/tail of which nothing comes', () => {
  const open = async (app: TestApi, id: string) => {
    const leave = new AbortController()
    const headers = { accept: 'text/event-stream', authorization: bearer({ id }) }
    const response = await fetch(`${await app.listen()}/logs/tail?service=nobody`, { headers, signal: leave.signal })
    return { response, leave: () => leave.abort() }
  }

  test('says at once that it is open', async () => {
    const app = await createTestApi(api.engine.reader)
    const { response, leave } = await open(app, 'one')
    const { value } = await response.body!.pipeThrough(new TextDecoderStream()).getReader().read()
    expect(value).toBe(': connected\n\n')
    leave()
    await app.close()
  })

  test('is open ten times for one who asks, and fifty times in all', async () => {
    const app = await createTestApi(api.engine.reader)
    const opened = await Promise.all(Array.from({ length: 50 }, (_, index) => open(app, `${index % 5}`)))
    expect(opened.map(({ response }) => response.status)).toEqual(opened.map(() => 200))
    for (const who of ['0', 'somebody']) {
      const { response } = await open(app, who)
      expect(response.status).toBe(429)
      expect(await response.json()).toMatchObject({ code: 'RATE_LIMITED' })
    }
    opened[0]!.leave()
    await eventually(async () => {
      const { response, leave } = await open(app, '0')
      leave()
      return response.status === 200
    })
    for (const { leave } of opened) leave()
    await app.close()
  })
})

test('GET /logs/tail reads no further than its client does, and keeps nothing for it meanwhile', async () => {
  let statements = 0
  const { reader } = api.engine
  const counted = await createTestApi({
    ...reader,
    query: <Row>(q: ReadQuery) => {
      statements += 1
      return reader.query<Row>(q)
    },
  })
  const { port, host, pathname } = new URL(await counted.listen())
  const connected = once(counted.server, 'connection')
  const socket = connect(Number(port), '127.0.0.1')
  const [connection] = (await connected) as [Socket]
  socket.write(
    `GET ${pathname}/logs/tail?service=slow HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\nauthorization: ${bearer()}\r\n\r\n`,
  )
  await once(socket.setEncoding('utf8'), 'data')
  socket.pause()
  const arrive = (count: number, body: string) =>
    insertLogs(
      api.engine,
      Array.from({ length: count }, (_, index) => ({
        ...logs[0]!,
        id: Number((BigInt(Date.now()) << 22n) + BigInt(index * 4096)),
        timeNs: nsOfMs(Date.now()),
        service: 'slow',
        body: `${index} ${body}`,
      })),
    )
  // More than fits into the buffers between the two.
  await arrive(300, 'x'.repeat(60_000))
  // The kernel takes no more of what the server has written: it waits from here on.
  await eventually(async () => {
    const { bytesWritten } = connection
    await sleep(300)
    return connection.writableLength > 0 && connection.bytesWritten === bytesWritten
  })
  const stuckAt = statements
  await arrive(400, 'meanwhile')
  await arrive(300, 'meanwhile')
  // It looks every second, unless it waits for its client.
  await sleep(2000)
  expect(statements).toBe(stuckAt)

  let sent = 0
  let skipped = 0
  let line = ''
  socket.on('data', (chunk) => {
    const lines = (line + String(chunk)).split('\n')
    line = lines.pop()!
    sent += lines.filter((each) => each === 'event: log').length
    for (const each of lines) skipped += Number(/^data: \{"records":(\d+)/.exec(each)?.[1] ?? 0)
  })
  socket.resume()
  await eventually(() => sent + skipped >= 1000)
  expect([sent, skipped]).toEqual([800, 200])
  socket.destroy()
  await counted.close()
})

test('GET /metrics/exemplars has measurements with their traces', async () => {
  await api.engine.insert('metric_series', [
    {
      space: 'default',
      received: receivedNow(),
      name: 'latency',
      fingerprint: '1',
      type: 3,
      temporality: 1,
      service: 'video',
      attr_s: { route: '/a' },
    },
    {
      space: 'default',
      received: receivedNow(),
      name: 'latency',
      fingerprint: '2',
      type: 3,
      temporality: 1,
      service: 'shop',
      attr_s: { route: '/b' },
    },
  ])
  await api.engine.insert(
    'metric_exemplars',
    Array.from({ length: 10 }, (_, index) => ({
      space: 'default',
      name: 'latency',
      fingerprint: index < 6 ? '1' : '2',
      received: receivedNow(),
      point_time: time64(nsOfMs(end)),
      time: time64(nsOfMs(end - index * 1000)),
      value_type: index % 2 === 0 ? 1 : 2,
      value_double: index % 2 === 0 ? index + 0.5 : 0,
      value_int: index,
      trace_id: index === 3 ? '' : 'exemplar-0000000',
      span_id: index === 3 ? '' : 'span0001',
      attributes: '{"user":"u1"}',
    })),
  )
  const all: ExemplarsResponse = exemplarsResponse.parse(await get(api.app, '/metrics/exemplars', { name: 'latency' }))
  expect(all.items.map(({ value }) => value)).toEqual([0.5, 1, 2.5, 3, 4.5, 5, 6.5, 7, 8.5, 9])
  expect(all.items[0]).toMatchObject({
    service: 'video',
    traceId: hexOf('exemplar-0000000'),
    attributes: { user: 'u1' },
  })
  expect(all.items[3]).toMatchObject({ traceId: null, spanId: null })
  const some: ExemplarsResponse = await get(api.app, '/metrics/exemplars', {
    name: 'latency',
    tags: 'route:/b',
    minValue: 7,
  })
  expect(some.items.map(({ value }) => value)).toEqual([7, 8.5, 9])
})
