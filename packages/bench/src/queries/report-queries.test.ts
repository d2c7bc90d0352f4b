import { expect, test } from 'vitest'
import { byteRows, ingestRows, missesOf, p95, questionRows } from './report-queries.ts'

const times = (ms: number) => Array.from({ length: 20 }, (_, index) => ms + index / 100)
const question = { name: 'list', goal: 100, ours: () => ({ path: '/' }), theirs: async () => [] }

test('the 95th of a hundred values is the nearest rank', () => {
  expect(p95(Array.from({ length: 100 }, (_, index) => index + 1))).toBe(95)
  expect(p95([7])).toBe(7)
  expect(p95([])).toBeNaN()
})

test('what is too slow is marked, and what is not three times as fast, but where the rival is fast', () => {
  expect(missesOf(question, times(20), times(90))).toEqual([])
  expect(missesOf(question, times(120), times(600))).toEqual(['time'])
  expect(missesOf(question, times(40), times(90))).toEqual(['ratio'])
  expect(missesOf(question, times(28), times(29))).toEqual([])
  expect(missesOf({ name: 'page' }, times(900), times(90))).toEqual([])
})

test('a row has both sides and what they read', () => {
  const reads = new Map([
    ['list', { ours: { rows: 1200, bytes: 3e6 }, theirs: { rows: 5e6, bytes: 2e8 }, statements: [] }],
  ])
  expect(questionRows([{ question, ours: times(20), theirs: times(80) }], reads)).toMatchObject([
    { p50: '20', goal: '< 100', 'rows read': '1,200', 'MB read': '3.0', 'theirs p95': '80', 'times faster': '4.0' },
  ])
  const busy = [{ question, ours: times(50), theirs: [] }]
  expect(ingestRows([{ question, ours: times(20), theirs: [] }], busy)).toMatchObject([
    { times: '2.49', misses: 'ratio' },
  ])
})

test('bytes have the goals of their items', () => {
  const bytes = [
    { item: 'span', ours: 60, theirs: 90 },
    { item: 'log', ours: 90, theirs: 120 },
    { item: 'sample: even', ours: 0.9, theirs: 10 },
    { item: 'sample: gauge', ours: 3, theirs: 10 },
  ]
  expect(byteRows(bytes).map(({ misses }) => misses)).toEqual(['', 'bytes', '', 'bytes'])
  expect(byteRows([{ item: 'log', ours: 90 }])).toMatchObject([{ 'ours / theirs': '', misses: '' }])
})
