import { queryBody } from '@burstlet/contract/query'
import { beforeAll, expect, test } from 'vitest'
import { runQuery } from '../src/features/query/run.ts'
import type { QueryContext } from '../src/querying/context/query-context.ts'
import type { ReadQuery } from '../src/storage/clickhouse/reader.ts'
import { startedEngine } from './engine-and-api.ts'
import { insertSpans, randomTraces } from './rows/spans.ts'
import { testContext } from './test-context.ts'

const now = Math.floor(Date.now() / 60_000) * 60_000 - 17_000
const started = startedEngine((engine) => insertSpans(engine, randomTraces(200, now)))
let context: QueryContext
let statements = 0

beforeAll(() => {
  const { reader } = started.engine
  const query = <Row>(q: ReadQuery) => {
    statements += 1
    return reader.query<Row>(q)
  }
  context = testContext({ ...reader, query })
})

const asked = (filter: string, aggregate?: string) => ({ signal: 'spans', filter, ...(aggregate && { aggregate }) })
/** The rollup answers the first four, spans the others. */
const queries = {
  rate: asked('kind = server', 'rate'),
  failed: asked('kind = server', 'error_rate'),
  slow: asked('kind = server', 'p95(duration)'),
  counted: asked('kind = server'),
  durations: asked('kind = internal', 'avg(duration)'),
  names: asked('kind = internal', 'uniq(name)'),
  byName: { ...asked('kind = internal', 'max(duration)'), groupBy: ['name'], limit: 2 },
}

async function ask(body: object, names: readonly string[], formulas = {}) {
  statements = 0
  const chosen = Object.fromEntries(Object.entries(queries).filter(([name]) => names.includes(name)))
  const whole = queryBody.parse({ from: now - 900_000, to: now, step: 60, ...body, queries: chosen, formulas })
  return { ...(await runQuery(context, whole, { now })), statements }
}

test.each([{}, { kind: 'scalar' }, { compare: '5m' }])(
  'what is read together is what each answers alone: %j',
  async (body) => {
    const all = Object.keys(queries)
    const formulas = { share: 'counted / rate' }
    const { results, meta, statements: together } = await ask(body, all, formulas)
    let alone = 0
    for (const name of all) {
      const one = await ask(body, [name])
      alone += one.statements
      expect(results[name], name).toEqual(one.results[name])
      expect(meta.sources[name]).toBe(one.meta.sources[name])
    }
    expect(JSON.stringify(results['share'])).toMatch(/\d/)
    // Three statements for the first four and two for the next two are saved, and as many where there are two windows.
    expect(alone - together).toBeGreaterThanOrEqual(4)
  },
)
