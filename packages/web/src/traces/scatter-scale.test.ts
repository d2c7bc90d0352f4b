import { expect, it } from 'vitest'
import { nearest, scatterScale, timeTicks } from './scatter-scale.ts'

const box = { left: 50, top: 10, width: 500, height: 100 }
const span = { from: 1_000_000, to: 1_600_000 }

it('maps both ways', () => {
  const scale = scatterScale([3, 40, 950], span, box)
  expect(scale.ticks).toEqual([1, 10, 100, 1000])
  expect(scale.y(1)).toBeCloseTo(110)
  expect(scale.y(1000)).toBeCloseTo(10)
  expect(scale.duration(scale.y(42))).toBeCloseTo(42)
  expect(scale.time(scale.x(1_234_567))).toBeCloseTo(1_234_567)
})

it('stands nothing, zeros and six powers of ten', () => {
  expect(scatterScale([], span, box).ticks.length).toBeGreaterThan(1)
  expect(scatterScale([0, 0], span, box).y(0)).toBeCloseTo(110)
  expect(scatterScale([0.01, 90_000], span, box).ticks.length).toBeLessThanOrEqual(5)
})

it('finds the nearest point, but none that is far', () => {
  const points = [
    { x: 10, y: 10 },
    { x: 14, y: 10 },
  ]
  expect(nearest(points, 13, 11)).toBe(1)
  expect(nearest(points, 60, 60)).toBe(-1)
})

it('marks round times', () => {
  expect(timeTicks({ from: 0, to: 3_600_000 }, 6)).toEqual([
    0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000, 3_600_000,
  ])
})
