import { expect, it } from 'vitest'
import { marksAt } from './mark.ts'

const at = (time: number) => ({ at: time, label: String(time) })

it('a mark belongs to the point that it is nearest to', () => {
  const times = [0, 100, 200]
  const marks = [at(10), at(60), at(140), at(155), at(230), at(900)]
  const labels = (index: number) => marksAt(marks, times, index).map(({ label }) => label)
  expect([0, 1, 2].map(labels)).toEqual([['10'], ['60', '140'], ['155', '230']])
})

it('there is none without points', () => {
  expect(marksAt([at(1)], [], 0)).toEqual([])
})
