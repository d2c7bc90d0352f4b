import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bodyEncoding, type Capture, captures, capturesFolder, edgeCases, plainBody } from '@burstlet/testkit/captures'
import { exportRequestType, exportResponseType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const definitions = otlpDefinitions()
// Wide enough for every clock among the captures: 1970 to 2262.
const anyTime = 'from=1970-01-01T00:00:00Z&to=2262-04-11T00:00:00Z'
let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** Sends a file of the captures folder as its client did; what travelled over gRPC is posted as protobuf. */
async function post(
  request: Pick<Capture, 'file' | 'signal' | 'contentEncoding'> & { contentType: string; method?: string },
) {
  const method = request.method ?? 'POST'
  const response = await fetch(`${server.otlpHttp}/v1/${request.signal}`, {
    method,
    headers: {
      'content-type': request.contentType,
      ...(request.contentEncoding && { 'content-encoding': request.contentEncoding }),
    },
    ...(method === 'POST' && { body: readFileSync(join(capturesFolder, request.file)) }),
  })
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

/** The request as the official definitions understand it. */
function sent(capture: Capture): unknown {
  const body = plainBody(capture)
  if (bodyEncoding(capture) === 'json') return JSON.parse(new TextDecoder().decode(body))
  const type = exportRequestType(definitions, capture.signal)
  return type.toObject(type.decode(body), { longs: String })
}

/** Everything that the server answers about what `request` holds, as OTLP JSON in normal form. */
const ask = {
  async traces(request: unknown): Promise<string[]> {
    const ids = new Set(JSON.stringify(request, hexIds).match(/(?<="traceId":")[0-9a-fA-F]{32}(?=")/g))
    const answers = await Promise.all([...ids].map((id) => server.get(`/traces/${id.toLowerCase()}?format=otlp`)))
    return answers.flatMap((answer) => normalItems('traces', answer))
  },
  async logs(): Promise<string[]> {
    return normalItems('logs', await server.get(`/logs?${anyTime}&limit=1000&format=otlp`))
  },
  async metrics(request: unknown): Promise<string[]> {
    const { resourceMetrics = [] } = request as {
      resourceMetrics?: { scopeMetrics?: { metrics?: { name?: string }[] }[] }[]
    }
    const metrics = resourceMetrics.flatMap((group) => group.scopeMetrics ?? []).flatMap((scope) => scope.metrics ?? [])
    const names = new Set(metrics.map((metric) => metric.name ?? ''))
    const answers = await Promise.all(
      [...names].map((name) => server.get(`/metrics?name=${encodeURIComponent(name)}&${anyTime}&format=otlp`)),
    )
    return answers.flatMap((answer) => normalItems('metrics', answer))
  },
}

function hexIds(_key: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: number[] }
  return type === 'Buffer' && data ? Buffer.from(data).toString('hex') : value
}

describe.each(captures())('$file', (capture) => {
  it('is acknowledged in full and answered again, value for value', async () => {
    const contentType = capture.transport === 'grpc' ? 'application/x-protobuf' : capture.contentType
    const answer = await post({ ...capture, contentType })
    expect(answer.status).toBe(200)
    expect(answer.contentType).toBe(contentType)
    // Full success is an empty message: no partial_success at all.
    expect(answer.body.toString()).toBe(contentType === 'application/json' ? '{}' : '')

    const request = sent(capture)
    const wanted = normalItems(capture.signal, request)
    expect(wanted).toHaveLength(capture.expect.spans ?? capture.expect.logRecords ?? capture.expect.dataPoints ?? 0)
    const found = await ask[capture.signal](request)
    expect(missing(wanted, found)).toEqual([])
  })
})

describe.each(edgeCases())('$file', (edge) => {
  it(edge.expect.note ?? 'gets its answer', async () => {
    const answer = await post(edge)
    const right = [{ status: edge.status, expect: edge.expect }, ...(edge.alternatives ?? [])].find(
      ({ status }) => status === answer.status,
    )
    expect(right, `${answer.status} ${answer.body}`).toBeDefined()
    const json = edge.contentType.startsWith('application/json')
    if (answer.status !== 200) {
      expect(status(answer.body, edge.contentType)).toMatchObject({
        code: expect.any(Number),
        message: expect.stringMatching(/./),
      })
      return
    }
    expect(answer.contentType).toMatch(json ? /^application\/json/ : /^application\/x-protobuf/)
    const { partialSuccess } = json ? JSON.parse(answer.body.toString()) : responseOf(edge.signal, answer.body)
    const rejected = partialSuccess?.[rejectedName[edge.signal]]
    expect(Number(rejected ?? 0)).toBe(right?.expect.rejected)
    if (right?.expect.rejected) expect(partialSuccess.errorMessage).not.toBe('')
    if (edge.decoded && !right?.expect.rejected) {
      const found = await ask[edge.signal](edge.decoded)
      expect(missing(normalItems(edge.signal, edge.decoded), found)).toEqual([])
    }
  })
})

const rejectedName = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' }

function responseOf(signal: Capture['signal'], body: Buffer) {
  const type = exportResponseType(definitions, signal)
  return type.toObject(type.decode(body), { longs: String })
}

/** google.rpc.Status in the encoding of the request: `1: int32 code, 2: string message`. */
function status(body: Buffer, contentType: string): { code: number; message: string } {
  if (!contentType.startsWith('application/x-protobuf')) return JSON.parse(body.toString())
  expect(body[0]).toBe(0x08)
  expect(body[2]).toBe(0x12)
  return { code: body[1] ?? 0, message: body.subarray(4).toString() }
}

/** What is wanted and not among what was found; equal ones are counted. */
function missing(wanted: string[], found: string[]): string[] {
  const left = new Map<string, number>()
  for (const item of found) left.set(item, (left.get(item) ?? 0) + 1)
  return wanted.filter((item) => {
    const count = left.get(item) ?? 0
    left.set(item, count - 1)
    return count <= 0
  })
}
