import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendHostile } from './fuzz/hostile-run.ts'

let server: TestServer
beforeAll(async () => {
  // As it is by default: with more and smaller inserts, the engine would have half of the processors.
  server = await startServer({ environment: { MONITORING_INSERT_INTERVAL_MS: '1000' } })
})
afterAll(() => server.stop())

/** Of resident memory, after the first requests: buffers are kept and used again, but for no more than what is on its way. */
const maxGrowthBytes = 200 * 1024 * 1024

// A seed of each day, so that many are tried and a failure is the same on the next run. The long form is `npm run test:fuzz`.
const seed = Math.floor(Date.now() / 86_400_000)

it('answers whatever is sent in a way that is meant, and goes on', { timeout: 120_000 }, async () => {
  const { faults, outcomes, memory, sent } = await sendHostile(server, { seed, requests: 3000, warmRequests: 1250 })
  expect(faults).toEqual([])
  expect(sent).toBeGreaterThanOrEqual(3000)
  expect(Object.values(outcomes).flatMap(Object.keys)).toEqual(
    expect.arrayContaining(['HTTP 200', 'HTTP 400', 'HTTP 413', 'gRPC 0', 'gRPC 3', 'gRPC 8']),
  )
  expect(memory.now - memory.warm).toBeLessThan(maxGrowthBytes)
})
