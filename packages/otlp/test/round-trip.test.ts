import { afterAll, beforeAll, expect, it } from 'vitest'
import { Engine } from './engine/engine.ts'
import { roundTrip } from './fuzz/round-trip.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

// A seed of each day, so that many are tried and a failure is the same on the next run. The long form is `npm run test:fuzz`.
const seed = Math.floor(Date.now() / 86_400_000)

it.each(['traces', 'logs', 'metrics'] as const)(
  'random %s come back as they were sent',
  async (signal) => {
    const counts = await roundTrip(engine, signal, { seed, batches: 12, requests: 40 })
    expect(counts.items).toBeGreaterThan(200)
    expect(counts.rejected).toBeGreaterThan(5)
  },
  120_000,
)
