import { queryBody } from '@burstlet/contract/query'
import { parse } from '@burstlet/query-language/parse'
import { expect, test } from 'vitest'
import { planQuery, withLeastStep } from './plan.ts'

const now = Date.UTC(2026, 0, 2)

function bodyOf(query: object, more: object = {}) {
  const range = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString() }
  return queryBody.parse({ ...range, queries: { A: query }, ...more })
}

test('a plan holds the parsed filter', () => {
  const filter = "service.name = 'shop' AND level = error"
  expect(planQuery(bodyOf({ signal: 'logs', filter }), now).queries.get('A')!.filter).toEqual(parse(filter))
})

test('a blank filter is none', () => {
  for (const query of [{ signal: 'spans' }, { signal: 'spans', filter: ' \n ' }]) {
    expect(planQuery(bodyOf(query), now).queries.get('A')!.filter).toBeUndefined()
  }
})

test('a longer step keeps the parsed filters, and rounds a comparison as it was asked for', () => {
  const body = bodyOf({ signal: 'metrics', filter: "name = 'cpu'" }, { compare: '25s' })
  const plan = planQuery(body, now)
  expect(plan.stepSeconds).toBe(20)
  expect(plan.queries.get('A')!.compareSeconds).toBe(40)
  const longer = withLeastStep(plan, body, 30)
  expect(longer.stepSeconds).toBe(30)
  expect(longer.queries.get('A')!.compareSeconds).toBe(30)
  expect(longer.queries.get('A')!.filter).toBe(plan.queries.get('A')!.filter)
})

test('the faults of all filters are told at once, each with its path and column', () => {
  const body = queryBody.parse({
    queries: { A: { signal: 'spans', filter: 'a = ' }, B: { signal: 'logs', filter: 'x ==' } },
  })
  expect(() => planQuery(body, now)).toThrow(
    expect.objectContaining({
      errors: [
        expect.objectContaining({ path: 'queries.A.filter', column: 5 }),
        expect.objectContaining({ path: 'queries.B.filter', column: 5 }),
      ],
    }),
  )
})
