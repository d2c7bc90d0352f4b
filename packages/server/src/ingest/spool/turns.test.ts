import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('lets those wait longer who have used more, and keeps the order of each', () => {
  const turns = new Turns()
  const waiting = [1, 1, 2, 3, 2].map((sender, number) => ({ sender, number, receivedAt: 1000 + number }))
  turns.charge(1, 900)
  turns.charge(2, 30)
  turns.sort(waiting)
  expect(waiting.map(({ number }) => number)).toEqual([3, 2, 4, 0, 1])
  expect(turns.areClose(waiting[0]!, waiting[2]!)).toBe(true)
  expect(turns.areClose(waiting[0]!, waiting[3]!)).toBe(false)
})

it('lets nobody wait for ever', () => {
  const turns = new Turns()
  turns.charge(1, 1000)
  const waiting = [
    { sender: 2, receivedAt: 9000 },
    { sender: 1, receivedAt: 1000 },
  ]
  turns.sort(waiting)
  expect(waiting[0]?.sender).toBe(1)
})
