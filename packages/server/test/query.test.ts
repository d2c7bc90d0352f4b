import { explainResponse } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { queryApi, range } from './query-api.ts'
import { post, problemOfPost } from './test-api.ts'

const api = queryApi()

describe('a bad body is refused, naming what is at fault', () => {
  const spansOf = (query: object) => ({ queries: { a: { signal: 'spans', ...query } } })
  test.each<[object, object]>([
    [{ queries: {} }, { path: 'queries' }],
    [{ queries: { a: { signal: 'span' } } }, { path: 'queries.a.signal' }],
    [spansOf({ filter: 'a = ' }), { path: 'queries.a.filter', column: 5, hint: 'A value has to follow =' }],
    [spansOf({ filter: 'kind = servr' }), { path: 'queries.a.filter', column: 8, hint: 'Did you mean server?' }],
    [spansOf({ filter: "name REGEXP '('" }), { path: 'queries.a.filter', column: 13, hint: 'RE2 says: missing ): (' }],
    [spansOf({ aggregate: 'cuont' }), { path: 'queries.a.aggregate', column: 1, hint: 'Did you mean count?' }],
    [spansOf({ aggregate: 'p95' }), { path: 'queries.a.aggregate', hint: 'Such as p95(duration)' }],
    [spansOf({ aggregate: 'last(duration)' }), { path: 'queries.a.aggregate' }],
    [spansOf({ aggregate: ['count', 'rate'] }), { path: 'queries.a.aggregate' }],
    [spansOf({ orderBy: 'valeu desc' }), { path: 'queries.a.orderBy', hint: 'Did you mean value?' }],
    [spansOf({ fields: ['x'] }), { path: 'queries.a.fields' }],
    [spansOf({ groupby: ['x'] }), { path: 'queries.a.groupby' }],
    [spansOf({ kind: 'raw', cursor: 'x' }), { path: 'cursor' }],
    [{ queries: { a: { signal: 'logs', kind: 'distribution' } } }, { path: 'queries.a.field' }],
    [
      { ...spansOf({}), formulas: { c: 'a / d' } },
      { path: 'formulas.c', column: 5, hint: 'Did you mean a?' },
    ],
    [{ ...spansOf({}), formulas: { c: 'd', d: 'c' } }, { path: 'formulas.d' }],
    [{ ...spansOf({}), formulas: { c: '1 + 1' } }, { path: 'formulas.c' }],
    [
      { ...spansOf({}), formulas: { c: 'a +' } },
      { path: 'formulas.c', column: 4 },
    ],
    [{ ...spansOf({}), step: 1, from: 'now-7d' }, { path: 'step' }],
    [{ ...spansOf({}), from: 'now', to: 'now-1h' }, { path: 'from' }],
    [{ queries: { a: { signal: 'metrics', aggregate: 'avg' } } }, { path: 'queries.a.metric' }],
  ])('%j', async (body, fault) => {
    expect(await problemOfPost(api.app, '/query', body)).toMatchObject({ code: 'VALIDATION_ERROR', errors: [fault] })
  })
})

test('what found nothing, and may be misspelt, is named', async () => {
  const { meta } = await api.ask({
    a: { signal: 'spans', filter: "service.name = 'video' AND statsu = error" },
    b: { signal: 'spans', kind: 'scalar', aggregate: 'avg(duratoin)' },
    c: { signal: 'spans', groupBy: ['http.rout'] },
    fine: { signal: 'spans', filter: "service.name = 'nobody' AND my.own.key = 1" },
    found: { signal: 'spans', filter: 'kind != server' },
  })
  expect(meta.warnings).toMatchObject([
    { path: 'queries.a.filter', column: 28, hint: 'Did you mean status?' },
    { path: 'queries.b.aggregate', column: 5, hint: 'Did you mean duration?' },
    { path: 'queries.c.groupBy', hint: 'Did you mean http.route?' },
  ])
})

test.each([
  [{ groupBy: ['name'] }, 1],
  [{ groupBy: ['name'], limit: 1 }, 2],
  [{ groupBy: ['name'], limit: 1, other: false }, 1],
  [{ kind: 'scalar' }, 1],
])('explain tells the SQL of %j, and what of the tables was read', async (query, count) => {
  const filter = "service.name = 'video'"
  const body = { ...range, queries: { a: { signal: 'spans', filter, ...query } } }
  const { queries } = explainResponse.parse(await post(api.app, '/query/explain', body))
  expect(queries['a']).toHaveLength(count)
  for (const { sql, parameters, rowsRead, reads } of queries['a']!) {
    expect(sql).not.toContain('video')
    expect(Object.values(parameters)).toContain('video')
    expect(rowsRead).toBeGreaterThan(0)
    expect(reads).toContainEqual(expect.objectContaining({ table: 'spans', parts: 1, granules: 1 }))
  }
})
