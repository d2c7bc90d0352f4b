import { connect } from 'node:net'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredTo } from './answered.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const now = String(BigInt(Date.now()) * 1_000_000n)
const service = (name: string) => ({ attributes: [{ key: 'service.name', value: { stringValue: name } }] })

async function post(path: string, request: object) {
  const response = await fetch(`${server.otlpHttp}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('what OTLP has no place for', () => {
  const metrics = (metric: object) => ({
    resourceMetrics: [{ resource: service('odd'), scopeMetrics: [{ metrics: [metric] }] }],
  })

  it('is rejected and counted: a metric without a name', async () => {
    const points = [
      { timeUnixNano: now, asInt: '1' },
      { timeUnixNano: now, asInt: '2' },
    ]
    expect(await post('metrics', metrics({ gauge: { dataPoints: points } }))).toEqual({
      status: 200,
      body: {
        partialSuccess: {
          rejectedDataPoints: '2',
          errorMessage: expect.stringContaining('the metric has no name (2; the first: metric ""'),
        },
      },
    })
  })

  it.each([
    ['gauge', {}],
    ['sum', { aggregationTemporality: 2 }],
    ['histogram', { aggregationTemporality: 2 }],
    ['exponentialHistogram', { aggregationTemporality: 1 }],
    ['summary', {}],
  ])('is rejected and counted: a point of a %s without a time, and its neighbour is kept', async (kind, more) => {
    const name = `odd.${kind}`
    const request = metrics({ name, [kind]: { ...more, dataPoints: [{ count: '0' }, { timeUnixNano: now }] } })
    const { status, body } = await post('metrics', request)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      partialSuccess: {
        rejectedDataPoints: '1',
        errorMessage: expect.stringContaining(`has no time (1; the first: metric "${name}"`),
      },
    })
  })

  it('is kept and said: a severity, kind or status that no column holds', async () => {
    const record = {
      timeUnixNano: now,
      severityNumber: -5,
      severityText: 'below',
      body: { stringValue: 'odd severity' },
    }
    const logs = {
      resourceLogs: [
        { resource: service('odd'), scopeLogs: [{ logRecords: [record, { ...record, severityNumber: 200 }] }] },
      ],
    }
    expect(await post('logs', logs)).toEqual({
      status: 200,
      body: {
        partialSuccess: {
          rejectedLogRecords: '0',
          errorMessage: expect.stringMatching(/^1 severity numbers, kinds or status codes/),
        },
      },
    })
    const ids = { traceId: '0'.repeat(31).concat('7'), startTimeUnixNano: now, endTimeUnixNano: now }
    const spans = [
      { ...ids, spanId: '0'.repeat(15).concat('1'), name: 'odd', kind: 99, status: { code: 99 } },
      { ...ids, spanId: '0'.repeat(15).concat('2'), name: 'odder', kind: 300, status: { code: -1 } },
    ]
    const traces = { resourceSpans: [{ resource: service('odd'), scopeSpans: [{ spans }] }] }
    expect((await post('traces', traces)).body).toMatchObject({
      partialSuccess: { rejectedSpans: '0', errorMessage: expect.stringMatching(/^2 severity numbers/) },
    })
    const stored = {
      resourceSpans: [
        { resource: service('odd'), scopeSpans: [{ spans: [spans[0], { ...spans[1], kind: 0, status: {} }] }] },
      ],
    }
    expect(await answeredTo(server, 'traces', stored)).toEqual(normalItems('traces', stored))
  })
})

describe('what never becomes a request', () => {
  async function answerOf(address: string, text: string): Promise<string> {
    const { hostname, port } = new URL(address)
    const socket = connect({ host: hostname, port: Number(port) })
    let answer = ''
    socket.setEncoding('utf8').on('data', (piece) => {
      answer += piece
    })
    socket.on('error', () => {}).write(text)
    await new Promise((resolve) => socket.once('close', resolve))
    return answer
  }
  const large = `GET /api/v1/monitoring/health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`

  it('is a problem to the API', async () => {
    const [head, body] = (await answerOf(server.api, large)).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 431 .*application\/problem\+json/s)
    expect(JSON.parse(body!)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE', title: expect.any(String) })
    expect(await answerOf(server.api, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*problem\+json.*VALIDATION_ERROR/s)
  })

  it('is a google.rpc.Status to OTLP', async () => {
    expect(await answerOf(server.otlpHttp, large)).toMatch(/^HTTP\/1\.1 431 .*application\/json.*"code":8/s)
  })
})
