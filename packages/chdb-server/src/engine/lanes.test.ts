import { expect, test } from 'vitest'
import { Lanes } from './lanes.ts'

const never = new AbortController().signal

test('waiting statements get the lanes in order', async () => {
  const lanes = new Lanes('reads', 1, 10)
  const first = await lanes.acquire(never)
  const order: number[] = []
  const waiting = [1, 2, 3].map(async (turn) => {
    const release = await lanes.acquire(never)
    order.push(turn)
    release()
  })
  expect(order).toEqual([])
  first()
  await Promise.all(waiting)
  expect(order).toEqual([1, 2, 3])
})

test('a full queue is refused with code 202', async () => {
  const lanes = new Lanes('reads', 1, 1)
  const release = await lanes.acquire(never)
  const waiting = lanes.acquire(never)
  await expect(lanes.acquire(never)).rejects.toMatchObject({ code: 202 })
  release()
  ;(await waiting)()
})

test('who leaves the queue does not keep its place', async () => {
  const lanes = new Lanes('reads', 1, 1)
  const release = await lanes.acquire(never)
  const abort = new AbortController()
  const leaving = lanes.acquire(abort.signal)
  abort.abort(new Error('gone'))
  await expect(leaving).rejects.toThrow('gone')
  const waiting = lanes.acquire(never)
  release()
  ;(await waiting)()
})

test('giving a lane back twice frees it once', async () => {
  const lanes = new Lanes('reads', 1, 0)
  const release = await lanes.acquire(never)
  release()
  release()
  await lanes.acquire(never)
  await expect(lanes.acquire(never)).rejects.toMatchObject({ code: 202 })
})
