import { levelOf } from '@burstlet/contract/common'
import {
  type LogRecord,
  type LogsHistogramResponse,
  type LogsResponse,
  logsHistogramResponse,
  logsResponse,
} from '@burstlet/contract/logs'
import { describe, expect, test } from 'vitest'
import { wordConditions } from '../src/querying/filters/words.ts'
import { Parameters } from '../src/querying/statements/parameters.ts'
import { startedApi } from './engine-and-api.ts'
import { insertLogs, randomLogs, type TestLog } from './rows/logs.ts'
import { hexOf, receivedNow } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'

const end = Date.now() - 60_000
const logs = randomLogs(1500, end)
const api = startedApi((engine) => insertLogs(engine, logs))

function expected(matches: (log: TestLog) => boolean): string[] {
  return logs
    .filter(matches)
    .sort((a, b) => (a.timeNs === b.timeNs ? b.id - a.id : a.timeNs < b.timeNs ? 1 : -1))
    .map(({ id }) => String(id))
}

async function searchRecords(query: Record<string, unknown>, limit: number): Promise<LogRecord[]> {
  const items: LogRecord[] = []
  let cursor: string | null = null
  do {
    const page: LogsResponse = logsResponse.parse(
      await get(api.app, '/logs', { ...query, limit, ...(cursor && { cursor }) }),
    )
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

async function search(query: Record<string, unknown>, limit = 1000): Promise<string[]> {
  return (await searchRecords(query, limit)).map(({ id }) => id)
}

const has = (log: TestLog, text: string) => log.body.toLowerCase().includes(text.toLowerCase())

describe('GET /logs', () => {
  test('pages hold every record once, newest first', async () => {
    expect(await search({}, 97)).toEqual(expected(() => true))
    expect(await search({}, 1000)).toEqual(expected(() => true))
  })

  test('a record has what was sent', async () => {
    const records = new Map((await searchRecords({}, 1000)).map((record) => [record.id, record]))
    for (const log of logs.slice(0, 50)) {
      expect(records.get(String(log.id))).toMatchObject({
        level: levelOf(log.severity),
        severityNumber: log.severity,
        message: log.body,
        timestamp: new Date(Number(log.timeNs / 1_000_000n)).toISOString(),
        timeUnixNano: String(log.timeNs),
        service: log.service,
        metadata: { ...log.strings, ...log.integers, ...log.doubles },
        resource: { 'service.name': log.service },
        trace:
          log.traceId === ''
            ? null
            : { traceId: hexOf(log.traceId), spanId: log.spanId === '' ? '' : hexOf(log.spanId) },
      })
    }
  })

  test.each<[Record<string, unknown>, (log: TestLog) => boolean]>([
    [{ level: 'error' }, (l) => l.severity >= 17 && l.severity <= 20],
    [{ level: 'error,fatal' }, (l) => l.severity >= 17],
    [{ level: ['unset', 'trace'] }, (l) => l.severity <= 4],
    [{ minLevel: 'warn' }, (l) => l.severity >= 13],
    [{ minLevel: 'unset' }, () => true],
    [{ minLevel: 'trace' }, (l) => l.severity >= 1],
    [{ service: 'video' }, (l) => l.service === 'video'],
    [{ search: 'connection' }, (l) => has(l, 'connection')],
    [{ search: 'CONNECTION Refused' }, (l) => has(l, 'connection refused')],
    [{ search: 'refused connection' }, () => false],
    [{ search: 'order 7' }, (l) => / order 7 /.test(l.body)],
    [{ search: 'id=a7b' }, (l) => has(l, 'id=a7b')],
    [{ search: 'onnecti' }, (l) => has(l, 'connection')],
    [{ search: 'ÄRGER' }, (l) => has(l, 'Ärger')],
    [{ search: '[' }, () => true],
    [{ search: "'; DROP TABLE logs --" }, () => false],
    [
      { search: 'timeout', service: 'worker', minLevel: 'error' },
      (l) => has(l, 'timeout') && l.service === 'worker' && l.severity >= 17,
    ],
    [{ traceId: hexOf('trace-0000000003') }, (l) => l.traceId === 'trace-0000000003'],
    [{ spanId: hexOf('span-003').toUpperCase() }, (l) => l.spanId === 'span-003'],
    [
      { from: end - 600_000, to: end - 300_000 },
      (l) => l.timeNs >= BigInt(end - 600_000) * 1_000_000n && l.timeNs < BigInt(end - 300_000) * 1_000_000n,
    ],
    [{ filter: 'severity >= warn' }, (l) => l.severity >= 13],
    [{ filter: 'level = info' }, (l) => l.severity >= 9 && l.severity <= 12],
    [{ filter: 'severity > info AND severity < fatal' }, (l) => l.severity >= 13 && l.severity <= 20],
    [{ filter: 'severity = 10' }, (l) => l.severity === 10],
    [{ filter: "body CONTAINS 'efuse'" }, (l) => has(l, 'refused')],
    [{ filter: "body CONTAINS 'by upstream for'" }, (l) => has(l, 'by upstream for')],
    [{ filter: "body REGEXP 'order 1[0-9] '" }, (l) => /order 1[0-9] /.test(l.body)],
    [{ filter: "body LIKE 'Upload%'" }, (l) => l.body.startsWith('Upload')],
    [{ filter: 'timeout NOT plan = pro' }, (l) => has(l, 'timeout') && l.strings['plan'] !== 'pro'],
    [{ filter: 'plan EXISTS' }, (l) => 'plan' in l.strings],
    [{ filter: "deployment.environment = 'prod'" }, (l) => l.service === 'video'],
    [{ filter: 'trace_id EXISTS' }, (l) => l.traceId !== ''],
    [
      { filter: `trace_id = ${hexOf('trace-0000000003')} OR service.name = worker` },
      (l) => l.traceId === 'trace-0000000003' || l.service === 'worker',
    ],
  ])('%j', async (query, matches) => {
    expect(await search(query)).toEqual(expected(matches))
  })

  test('a search for parts of words keeps its meaning from page to page', async () => {
    expect(await search({ search: 'nnecti' }, 50)).toEqual(expected((log) => has(log, 'connection')))
  })

  test('bodies of other types are shown as JSON', async () => {
    const row = (id: number, body: string, type: number) => ({
      space: 'default',
      received: receivedNow(),
      service: 'bodies',
      time: '2020-01-01 00:00:00.000000000',
      record_id: String(id),
      body,
      body_type: type,
    })
    await api.engine.insert('logs', [
      row(1, '', 0),
      row(2, '42', 3),
      row(3, '{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"}]}}', 5),
      row(4, '{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}}]}}', 6),
    ])
    const records = await searchRecords({ service: 'bodies', from: '2019-12-31', to: '2020-01-02' }, 10)
    expect(records.map(({ message }) => message)).toEqual(['{"k":true}', '["a",1]', '42', ''])
  })

  test('the index finds words', async () => {
    const parameters = new Parameters()
    const conditions = wordConditions(['unheardof', 'x999999'], parameters)
    const explained = await api.engine.everything.query<{ explain: string }>({
      sql: `EXPLAIN indexes = 1 SELECT count() FROM logs WHERE ${conditions.join(' AND ')}`,
      params: parameters.params,
    })
    const plan = explained.map(({ explain }) => explain).join('\n')
    expect(plan).toMatch(/Name: body_words[\s\S]*Granules: 0\//)
    expect(plan).toContain('Name: body_ids')
  })

  test.each<[Record<string, unknown>, string]>([
    [{ level: 'loud' }, 'level.0'],
    [{ minLevel: 'loud' }, 'minLevel'],
    [{ traceId: '12' }, 'traceId'],
    [{ format: 'xml' }, 'format'],
    [{ query: 'x' }, 'query'],
    [{ filter: 'severity = loud' }, 'filter'],
    [{ limit: 5000 }, 'limit'],
  ])('%j is refused, naming %s', async (query, path) => {
    expect(await problemOf(api.app, '/logs', query)).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ path }] })
  })
})

describe('GET /logs/histogram', () => {
  test('counts every level in every bucket', async () => {
    const answer: LogsHistogramResponse = logsHistogramResponse.parse(
      await get(api.app, '/logs/histogram', { from: end - 2_400_000, to: end, interval: 120, search: 'order' }),
    )
    expect(answer.total).toBe(logs.length)
    expect(answer.intervalSeconds).toBe(120)
    for (const { level, total, points } of answer.series) {
      const of = logs.filter(({ severity }) => levelOf(severity) === level)
      expect(total).toBe(of.length)
      for (const [at, count] of points) {
        const within = of.filter(({ timeNs }) => Math.floor(Number(timeNs / 1_000_000n) / 120_000) * 120_000 === at)
        expect(count).toBe(within.length)
      }
    }
  })

  test('chooses about 60 buckets; nothing found is no series', async () => {
    const answer: LogsHistogramResponse = await get(api.app, '/logs/histogram', { service: 'nobody' })
    expect(answer).toMatchObject({ total: 0, series: [], intervalSeconds: 60 })
    expect((await problemOf(api.app, '/logs/histogram', { from: 'now-1d', interval: 1 })).errors?.[0]?.path).toBe(
      'interval',
    )
  })
})
