import { describe, expect, it } from 'vitest'
import { adjustedCount } from './adjusted-count.ts'

describe('adjustedCount', () => {
  it.each([
    ['', 1],
    ['vendor=abc', 1],
    ['ot=rv:00000000000000', 1],
    ['ot=th:0', 1],
    ['ot=th:8', 2],
    ['ot=th:c', 4],
    ['ot=rv:1234567890abcd;th:fd70a4', 100],
    ['vendor=x,ot=th:8;rv:1,other=y', 2],
    ['vendor=x, ot=th:8', 2],
    ['ot=th:ffffffffffffff', 2 ** 56],
    // Not thresholds: too long, not hex, of another vendor.
    ['ot=th:800000000000000', 1],
    ['ot=th:xyz', 1],
    ['foot=th:8', 1],
  ])('of %s is %d', (traceState, count) => {
    expect(adjustedCount(traceState)).toBeCloseTo(count, 3)
  })
})
