import { describe, expect, it } from 'vitest'
import type { Overview, ServiceRow } from '../api/responses.ts'
import { headline } from './headline.ts'

function service(name: string, requests: number, errorRate: number, points: [number, number][] = []): ServiceRow {
  return {
    name,
    requests,
    requestRate: requests / 3600,
    errors: requests * errorRate,
    errorRate,
    p50: 10,
    p95: requests,
    p99: 100,
    series: { requestRate: [], errorRate: points, p95: [] },
  }
}

function overview(services: ServiceRow[], more: Partial<Overview> = {}): Overview {
  return { services, logs: { total: 3, byLevel: {}, series: [] }, ...more } as Overview
}

const part = { status: 'healthy' as const, latencyMs: 1 }

describe('headline', () => {
  it('names the worst service, how badly it fails and since when', () => {
    const since = Date.parse('2026-11-10T01:38:00Z')
    const line = headline(
      overview([
        service('api', 900, 0.02),
        service('auth', 100, 0),
        service('transcoder', 50, 0.0682, [
          [since - 60_000, 0],
          [since, 0.07],
        ]),
      ]),
    )
    expect(line).toMatchObject({ state: 'error', title: '2 of 3 services need attention', service: 'transcoder' })
    expect(line.detail).toMatch(/^transcoder fails 6\.82 % of its requests, above 1 % since \d\d:38\.$/)
  })
  it('warns for a degraded one, in the singular', () => {
    expect(headline(overview([service('api', 900, 0.02), service('auth', 1, 0)]))).toMatchObject({
      state: 'warning',
      title: '1 of 2 services needs attention',
    })
  })
  it('says when all is well, and which is slowest', () => {
    const line = headline(overview([service('api', 900, 0.001), service('auth', 200, 0), service('idle', 0, 0)]))
    expect(line).toMatchObject({ state: 'healthy', title: 'All 2 services are healthy', service: 'api' })
    expect(line.detail).toContain('Slowest: api, p95 900 ms.')
  })
  it('puts a failing part of the server before the services', () => {
    const health = {
      components: {
        ingest: part,
        clickhouse: { ...part, status: 'unhealthy' as const },
        database: part,
        scheduler: part,
      },
    } as NonNullable<Overview['health']>
    expect(headline(overview([service('api', 1, 0.9)], { health }))).toMatchObject({ state: 'critical' })
  })
  it('says so when there are no requests', () => {
    expect(headline(overview([]))).toMatchObject({ state: 'unknown', title: 'No requests in this range' })
  })
})
