import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { expect, it } from 'vitest'
import { logRequests } from './logs.ts'
import { pointRequests } from './points.ts'
import { spanRequests } from './spans.ts'

const definitions = otlpDefinitions()

it.each([
  ['spans', spanRequests(64)],
  ['logs', logRequests(64)],
  ['points', pointRequests(63)],
])('%s: every body differs and holds as many items as it says', (_name, pool) => {
  const type = exportRequestType(definitions, pool.signal)
  const bodies = Array.from({ length: 100 }, () => Buffer.from(pool.next()))
  expect(new Set(bodies.map((body) => body.toString('latin1'))).size).toBe(bodies.length)
  const decoded = JSON.stringify(type.toObject(type.decode(bodies[99] ?? Buffer.alloc(0)), { longs: String }))
  const item = { traces: /"parentSpanId"|"kind":2/g, logs: /"severityNumber"/g, metrics: /"startTimeUnixNano"/g }[
    pool.signal
  ]
  expect(decoded.match(item)?.length).toBe(pool.itemsPerRequest)
})

it('makes spans of about 580 bytes', () => {
  const bytes = spanRequests(512).next().length / 512
  expect(bytes).toBeGreaterThan(520)
  expect(bytes).toBeLessThan(640)
})
