import { describe, expect, it } from 'vitest'
import { raisedSince, serviceState, worstFirst } from './service-state.ts'

describe('serviceState', () => {
  it.each([
    [0, 0, 'unknown'],
    [100, 0, 'healthy'],
    [100, 0.0099, 'healthy'],
    [100, 0.01, 'degraded'],
    [100, 0.05, 'unhealthy'],
  ])('%s requests with a share of %s failing', (requests, errorRate, state) =>
    expect(serviceState({ requests, errorRate })).toBe(state),
  )
  it('puts the worst first, then the busiest', () => {
    const rows = [
      { name: 'idle', requests: 0, errorRate: 0 },
      { name: 'small', requests: 10, errorRate: 0 },
      { name: 'big', requests: 90, errorRate: 0.001 },
      { name: 'bad', requests: 5, errorRate: 0.4 },
      { name: 'worse', requests: 5, errorRate: 0.5 },
      { name: 'shaky', requests: 500, errorRate: 0.02 },
    ]
    expect(worstFirst(rows).map((row) => row.name)).toEqual(['worse', 'bad', 'shaky', 'big', 'small', 'idle'])
  })
})

describe('raisedSince', () => {
  it('finds the beginning of the last rise, over buckets without requests', () => {
    expect(
      raisedSince([
        [1, 0.2],
        [2, 0],
        [3, 0.02],
        [4, null],
        [5, 0.07],
      ]),
    ).toBe(3)
  })
  it('says nothing when it is over, never was, or began before', () => {
    expect(
      raisedSince([
        [1, 0.2],
        [2, 0],
      ]),
    ).toBeNull()
    expect(raisedSince([])).toBeNull()
    expect(
      raisedSince([
        [1, 0.2],
        [2, 0.3],
      ]),
    ).toBeNull()
  })
})
