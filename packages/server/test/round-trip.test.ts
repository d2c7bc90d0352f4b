import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Capture, captures, capturesFolder, edgeCases } from '@burstlet/testkit/captures'
import { exportResponseType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredOnce, answeredTo, missing, wanted } from './answered.ts'

const definitions = otlpDefinitions()
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

const answer = answeredOnce(() => server)

describe.each(captures())('$file', (capture) => {
  it('is acknowledged in full', async () => {
    const contentType = capture.transport === 'grpc' ? 'application/x-protobuf' : capture.contentType
    const answer = await post({ ...capture, contentType })
    expect(answer.status).toBe(200)
    expect(answer.contentType).toBe(contentType)
    // Full success is an empty message: no partial_success at all.
    expect(answer.body.toString()).toBe(contentType === 'application/json' ? '{}' : '')
  })
})

// Afterwards, since clients of several captures sent the same metrics.
describe.each(captures())('$file', (capture) => {
  it('is answered again, value for value', async () => {
    const items = wanted(capture)
    expect(items).toHaveLength(capture.expect.spans ?? capture.expect.logRecords ?? capture.expect.dataPoints ?? 0)
    expect(missing(items, await answer(capture))).toEqual([])
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
      const found = await answeredTo(server, edge.signal, edge.decoded)
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
