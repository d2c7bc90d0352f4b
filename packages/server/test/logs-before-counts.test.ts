import type { LogsHistogramResponse } from '@burstlet/contract/logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, readMigrations } from '../src/storage/clickhouse/migrate.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { createTestApi, get } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startTestEngine({ migrations: readMigrations().filter(({ name }) => name < '0011') })
})
afterAll(() => engine?.stop())

test('records that are older than the counts by minute are in the histogram of a long range', async () => {
  const end = Date.now() - 60_000
  const before = randomLogs(500, end)
  await insertLogs(engine, before)
  await migrate(engine.writer)
  const app = await createTestApi(engine.reader)
  const answer: LogsHistogramResponse = await get(app, '/logs/histogram', {
    from: end - 4 * 3_600_000,
    to: end,
    interval: 120,
  })
  expect(answer.total).toBe(before.length)
  await app.close()
})
