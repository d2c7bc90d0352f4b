import { expect, it } from 'vitest'
import { IngestCounters } from './counters.ts'

it('counts by space, and tells everybody of requests of strangers', () => {
  const counters = new IngestCounters()
  const rejection = { reason: 'invalid_trace_id', count: 1, first: 'span "secret of b"' } as const
  const result = { accepted: 2, rejected: 1, rejections: [rejection], repeated: false }
  counters.stored({ space: 'b', key: 'ingest', signal: 'traces' }, 10, result)
  counters.refused(400, 'b')
  counters.refused(401, undefined)
  const nothing = { totals: [], rejections: [], minutes: [], refusals: [{ status: 401, count: 1 }] }
  expect(counters.snapshot('a')).toEqual({ since: counters.since, ...nothing })
  const own = counters.snapshot('b')
  expect(own).toMatchObject({ totals: [{ key: 'ingest', accepted: 2 }], rejections: [{ first: rejection.first }] })
  expect(own.minutes).toMatchObject([{ accepted: { traces: 2 }, rejected: 1, bytes: 10 }])
  expect(own.refusals).toEqual([
    { status: 400, count: 1 },
    { status: 401, count: 1 },
  ])
})
