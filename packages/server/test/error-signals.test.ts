import type { ErrorGroup, ErrorGroupResponse, ErrorGroupsResponse } from '@burstlet/contract/error-groups'
import { errorGroup } from '@burstlet/otlp/error-group'
import { Hash64 } from '@burstlet/otlp/hash'
import { expect, test } from 'vitest'
import { logErrorsRollup, spanErrorsRollup } from '../src/background/rollups/errors.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import { startedApi } from './engine-and-api.ts'
import { nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { get } from './test-api.ts'

const hour = 3_600_000
const start = Math.floor(Date.now() / hour) * hour - 6 * hour
const service = 'video'

interface Exception {
  readonly type: string
  readonly message: string
}
const storage: Exception = { type: 'StorageError', message: 'The disk is full' }
const retried: Exception = { type: 'TimeoutError', message: 'Took too long' }

function groupOf({ type, message }: Exception): string {
  const { low, high } = errorGroup({ service, type, message, stack: '', operation: '' }, new Hash64())
  return `${(high >>> 0).toString(16).padStart(8, '0')}${(low >>> 0).toString(16).padStart(8, '0')}`
}

const attributesOf = ({ type, message }: Exception) => ({ 'exception.type': type, 'exception.message': message })
const traceOf = (number: number) => `trace-${String(number).padStart(10, '0')}`

/** A span that failed: with an exception event, or with what its status says only. */
function span(number: number, at: number, told: Exception | undefined, weight = 1) {
  const facts = told ?? { type: '', message: storage.message }
  return {
    space: 'default',
    received: receivedNow(),
    service,
    trace_id: traceOf(number),
    span_id: 'span0001',
    start: time64(nsOfMs(at)),
    duration: '2000000000',
    name: 'GET /videos',
    kind: 2,
    status: 2,
    status_message: storage.message,
    adjusted_count: weight,
    error_group: BigInt(`0x${groupOf(facts)}`).toString(),
    ...(told && {
      'events.time': [time64(nsOfMs(at))],
      'events.name': ['exception'],
      'events.attributes': [JSON.stringify(attributesOf(told))],
      'events.dropped_attributes': [0],
    }),
  }
}

let records = 0
/** A log record with an exception; of the span of that number, or of none. */
function log(number: number | undefined, at: number, told: Exception) {
  return {
    space: 'default',
    received: receivedNow(),
    service,
    time: time64(nsOfMs(at)),
    record_id: String(start * 1000 + records++),
    severity: 17,
    body: 'it failed',
    body_type: 1,
    attr_s: attributesOf(told),
    ...(number !== undefined && { trace_id: traceOf(number), span_id: 'span0001' }),
  }
}

const api = startedApi(async (engine) => {
  await engine.insert('spans', [
    // Told by both.
    span(1, start + 1000, storage),
    // Its record comes in the next hour.
    span(2, start + hour - 1000, storage),
    // Told by records only: one, and one for each of two attempts.
    span(3, start + 3000, undefined, 4),
    span(4, start + 4000, undefined),
    // Told by its status only.
    span(5, start + 5000, undefined, 3),
    // Told by an event, beside a record of something else.
    span(6, start + 6000, storage),
  ])
  await engine.insert('logs', [
    log(1, start + 1001, storage),
    log(2, start + hour + 500, storage),
    log(3, start + 3001, storage),
    log(4, start + 4001, retried),
    log(4, start + 4002, retried),
    log(6, start + 6001, retried),
    log(undefined, start + 7000, storage),
  ])
})

const facts = ({ count, spans, logs }: ErrorGroup) => ({ count, spans, logs })

async function check() {
  const range = { from: start, to: start + 3 * hour }
  const { items }: ErrorGroupsResponse = await get(api.app, '/errors', range)
  expect(new Map(items.map((group) => [group.id, facts(group)]))).toEqual(
    new Map([
      // Spans 1, 2 and 6, the record of span 3, and the one without a span.
      [groupOf(storage), { count: 5, spans: 3, logs: 4 }],
      [groupOf(retried), { count: 3, spans: 0, logs: 3 }],
      [groupOf({ type: '', message: storage.message }), { count: 3, spans: 3, logs: 0 }],
    ]),
  )
  const group: ErrorGroupResponse = await get(api.app, `/errors/${groupOf(retried)}`, range)
  expect(group.samples[0]).toMatchObject({
    operation: 'GET /videos',
    traceId: Buffer.from(traceOf(6)).toString('hex'),
  })
  for (const id of [groupOf(storage), groupOf(retried)]) {
    const { count, series }: ErrorGroupResponse = await get(api.app, `/errors/${id}`, range)
    expect(series.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(count)
  }
}

test('an error that a span and a log record tell is one, and shown with its span', check)

test('the same from the rollups', async () => {
  for (const rollup of [spanErrorsRollup, logErrorsRollup]) {
    expect(
      await runPass(api.engine.writer, { rollup, retention: { traces: 7, logs: 7 }, now: Date.now() }),
    ).toBeGreaterThan(0)
  }
  await check()
})
