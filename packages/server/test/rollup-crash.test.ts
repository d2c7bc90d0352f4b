import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { runPass } from '../src/background/rollups/pass.ts'
import { rollups } from '../src/background/rollups/rollups.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { insertSpans, randomTraces } from './rows/spans.ts'
import { createTestApi, get } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const hour = 3_600_000
const end = Math.floor(Date.now() / hour) * hour - 2 * hour
const range = { from: end - 8 * hour, to: end }
const dataDirectory = mkdtempSync(join(tmpdir(), 'burstlet-crash-'))
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }))

/** What people see of the range, through every rollup. */
async function answers(engine: TestEngine): Promise<unknown[]> {
  const app = await createTestApi(engine.reader)
  const read = [
    await get<{ items: object[] }>(app, '/services', range),
    await get<object>(app, '/service-map', range),
    await get<{ items: object[] }>(app, '/errors', { ...range, limit: 1000 }),
    (await get<{ items: object[] }>(app, '/metrics', { category: 'application', ...range, interval: 3600 })).items,
  ]
  await app.close()
  return read
}

test('kill -9 between the rows of a window and the line that makes them count: nothing is missing, nothing is there twice', {
  timeout: 120_000,
}, async () => {
  const first = await startTestEngine({ dataDirectory })
  const hours = [0, 1, 3, 6]
  await insertSpans(
    first,
    // Each hour has traces of its own.
    hours.flatMap((ago, index) =>
      randomTraces(40, end - ago * hour, index + 1).map((span) => ({
        ...span,
        traceId: span.traceId.replace('trace', `hour${index}`),
        spanId: span.spanId.replace('0', String(index)),
        parentId: span.parentId.replace('0', String(index)),
      })),
    ),
  )
  await insertLogs(
    first,
    hours
      .flatMap((ago, index) => randomLogs(30, end - ago * hour, index + 1))
      .map((log) => ({ ...log, strings: { 'exception.type': 'Error', 'exception.message': log.body } })),
  )
  await first.writer.command({
    query: `INSERT INTO spans (space, received, service, start, status, error_group, trace_id, span_id)
SELECT 'default', now(), 'video', fromUnixTimestamp64Milli({at:Int64} + number * 5000), 2, 1 + number % 3, 'crash-0000000000', 'crashing' FROM numbers(300)`,
    query_params: { at: end - 2_000_000 },
  })
  const raw = await answers(first)
  await first.stop()

  const computing = spawn(process.execPath, [join(import.meta.dirname, 'rollup-crash/compute.ts'), dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: computing.stdout }), 'line')) as [string]
  process.kill((JSON.parse(line) as { engine: number }).engine, 'SIGKILL')
  computing.kill('SIGKILL')
  await once(computing, 'exit')

  const second = await startTestEngine({ dataDirectory })
  try {
    const rowsOf = async (table: string) =>
      Number((await second.everything.query<{ n: string }>({ sql: `SELECT count() AS n FROM ${table}` }))[0]!.n)
    // What is computed from another rollup has nothing before that one counts.
    for (const table of rollups.filter(({ waits }) => !waits).flatMap(({ tables }) => tables)) {
      expect(await rowsOf(table), table).toBeGreaterThan(0)
    }
    expect(await rowsOf('rollup_windows')).toBe(0)
    expect(await answers(second)).toEqual(raw)
    for (const rollup of rollups) {
      const pass = () => runPass(second.writer, { rollup, retention: { traces: 7, logs: 7 }, now: Date.now() })
      expect(await pass(), rollup.name).toBeGreaterThan(3)
      expect(await pass(), rollup.name).toBe(0)
    }
    expect(await answers(second)).toEqual(raw)
    // The raw rows are not what answers now.
    await second.writer.command({ query: 'TRUNCATE TABLE red_service_1m' })
    await second.writer.command({ query: 'TRUNCATE TABLE logs' })
    const [services, , errors] = await answers(second)
    expect([services, countsOf(errors)]).toEqual([raw[0], countsOf(raw[2])])
  } finally {
    await second.stop()
  }
})

function countsOf(errors: unknown): unknown[] {
  return (errors as { items: { id: string; count: number }[] }).items.map(({ id, count }) => [id, count])
}
