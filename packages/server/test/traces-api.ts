import { type TraceSummary, type TracesResponse, tracesResponse } from '@burstlet/contract/traces'
import { expect } from 'vitest'
import { type StartedApi, startedApi } from './engine-and-api.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { hexOf } from './rows/times.ts'
import { get } from './test-api.ts'

export const end = Date.now() - 60_000
export const spans = randomTraces(250, end)

/** What the tests of traces start from: an API over an engine that has `spans`. */
export interface TracesApi extends StartedApi {
  /** What `GET /traces` finds, on all its pages, one after the other. */
  search(query: Record<string, unknown>, limit?: number): Promise<TraceSummary[]>
}

/** Started before the tests of the file that calls this, and stopped after them. */
export function tracesApi(): TracesApi {
  const api = startedApi((engine) => insertSpans(engine, spans))
  return Object.assign(api, {
    async search(query: Record<string, unknown>, limit = 1000) {
      const found: TraceSummary[] = []
      let cursor: string | null = null
      do {
        const page: TracesResponse = tracesResponse.parse(
          await get(api.app, '/traces', { ...query, limit, ...(cursor && { cursor }) }),
        )
        expect(page.items.length).toBeLessThanOrEqual(limit)
        found.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      return found
    },
  })
}

/** What a search must find, from the spans themselves. */
export function expected(matches: (span: TestSpan) => boolean): TraceSummary[] {
  const traces = Map.groupBy(spans, (span) => hexOf(span.traceId))
  return [...traces]
    .flatMap(([traceId, all]) => {
      const found = all.filter(matches).map((span) => span.startNs)
      if (found.length === 0) return []
      const first = leastOf(all.map(({ startNs }) => startNs))
      const last = -leastOf(all.map((span) => -(span.startNs + span.durationNs)))
      const root = all.find(({ parentId }) => parentId === '')!
      return {
        firstMatch: leastOf(found),
        item: {
          traceId,
          rootService: root.service,
          rootOperation: root.name,
          startTime: new Date(Number(first / 1_000_000n)).toISOString(),
          durationMs: Number(last - first) / 1e6,
          spanCount: all.length,
          errorCount: all.filter(({ status }) => status === 2).length,
          services: [...new Set(all.map(({ service }) => service))].sort(),
        },
      }
    })
    .sort((a, b) => {
      if (a.firstMatch !== b.firstMatch) return a.firstMatch < b.firstMatch ? 1 : -1
      return a.item.traceId < b.item.traceId ? 1 : -1
    })
    .map(({ item }) => item)
}

const leastOf = (values: bigint[]) => values.toSorted((a, b) => (a < b ? -1 : 1))[0]!
