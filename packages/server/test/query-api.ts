import { type QueryResponse, queryResponse } from '@burstlet/contract/query'
import { expect } from 'vitest'
import { type StartedApi, startedApi } from './engine-and-api.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { post } from './test-api.ts'

export const end = Math.floor(Date.now() / 60_000) * 60_000 - 60_000
export const range = { from: end - 2_400_000, to: end }
export const spans = randomTraces(400, end).filter(({ startNs }) => msOf({ startNs }) < end)
export const logs = randomLogs(300, end)

/** What the tests of `POST /query` start from: an API over an engine that has `spans` and `logs`. */
export interface QueryApi extends StartedApi {
  /** Asks about `range`. @param rest of the body */
  ask(queries: Record<string, object>, rest?: object): Promise<QueryResponse>
  /** The value of the only series of the only query. */
  scalar(query: object): Promise<number | null>
}

/** Started before the tests of the file that calls this, and stopped after them. */
export function queryApi(): QueryApi {
  const api = startedApi(async (engine) => {
    await insertSpans(engine, spans)
    await insertLogs(engine, logs)
  })
  const ask = async (queries: Record<string, object>, rest: object = {}) =>
    queryResponse.parse(await post(api.app, '/query', { ...range, queries, ...rest }))
  return Object.assign(api, {
    ask,
    async scalar(query: object) {
      const { results } = await ask({ a: { kind: 'scalar', ...query } })
      expect(results['a']!.series).toHaveLength(1)
      return results['a']!.series![0]!.value!
    },
  })
}

export const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

export function msOf({ startNs }: Pick<TestSpan, 'startNs'>): number {
  return Number(startNs / 1_000_000n)
}

/** ms */
export function durationOf({ durationNs }: TestSpan): number {
  return Number(durationNs) / 1e6
}

export function routeOf({ strings }: TestSpan): string {
  return strings['http.route'] ?? ''
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}
