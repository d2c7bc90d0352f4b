import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

interface Request {
  readonly sender: number
  readonly cost: number
}

it('has one who sends little wait for one request of others at most, however many wait', () => {
  const turns = new Turns<Request>(({ cost }) => cost)
  const waiting: Request[] = []
  const add = (sender: number, cost: number) => {
    const request = { sender, cost }
    turns.arrived(request)
    waiting.push(request)
  }
  const served: number[] = []
  const serve = () => {
    turns.sort(waiting)
    const request = waiting.shift()!
    turns.charge(request, request.cost)
    served.push(request.sender)
    return request.sender
  }
  for (let i = 0; i < 80; i++) add(1 + (i % 8), 500)
  for (let i = 0; i < 16; i++) serve()
  for (let i = 0; i < 10; i++) {
    add(9, 1)
    expect(serve()).toBe(9)
    serve()
  }
  // Those who send much share what is left.
  const counts = [1, 2, 3, 4, 5, 6, 7, 8].map((sender) => served.filter((each) => each === sender).length)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
})

it('keeps the order of each, and expects what was last', () => {
  const turns = new Turns<{ sender: number }>(() => 7)
  const waiting: { sender: number; number?: number }[] = [1, 1, 2].map((sender, number) => ({ sender, number }))
  for (const request of waiting) turns.arrived(request)
  turns.charge({ sender: 1 }, 900)
  turns.sort(waiting)
  expect(waiting.map(({ number }) => number)).toEqual([2, 0, 1])
  expect(turns.expectedCost({ sender: 1 })).toBe(900)
  expect(turns.expectedCost({ sender: 3 })).toBe(7)
})

it('forgets senders that are gone', () => {
  const turns = new Turns<{ sender: number }>(() => 7)
  for (let sender = 0; sender < 20_000; sender++) {
    const request = { sender }
    turns.arrived(request)
    turns.sort([request])
    turns.charge(request, 1)
  }
  expect(turns.expectedCost({ sender: 19_999 })).toBe(1)
  expect(turns.expectedCost({ sender: 0 })).toBe(7)
})
