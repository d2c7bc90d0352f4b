import { expect, it } from 'vitest'
import { Deduplication } from './deduplication.ts'

const stored = { rejected: 0, message: '', untimed: false }
const untimed = (result: typeof stored) => result.untimed

it('stores one body once, and lets a second copy wait for the first', async () => {
  const recent = new Deduplication()
  const { promise, resolve } = Promise.withResolvers<typeof stored>()
  let times = 0
  const store = () => {
    times++
    return promise
  }
  const first = recent.once('a', store, untimed)
  const second = recent.once('a', store, untimed)
  resolve({ ...stored, rejected: 3 })
  expect((await first).rejected).toBe(3)
  expect((await second).rejected).toBe(3)
  expect((await recent.once('a', store, untimed)).rejected).toBe(3)
  expect(times).toBe(1)
})

it('forgets a failure and an outcome that may repeat', async () => {
  const recent = new Deduplication()
  let times = 0
  const count = async () => {
    times++
    return { ...stored, untimed: true }
  }
  await expect(recent.once('a', () => Promise.reject(new Error('away')), untimed)).rejects.toThrow('away')
  await recent.once('a', count, untimed)
  await recent.once('a', count, untimed)
  expect(times).toBe(2)
})

it('knows what was stored before a restart, and forgets what is too old', async () => {
  const recent = new Deduplication(60_000)
  let times = 0
  const count = async () => {
    times++
    return stored
  }
  recent.remember('old', stored, Date.now() - 70_000)
  recent.remember('young', { rejected: 2, message: 'why' }, Date.now() - 30_000)
  expect(await recent.once('young', count, untimed)).toMatchObject({ rejected: 2, message: 'why' })
  expect(times).toBe(0)
  await recent.once('old', count, untimed)
  expect(times).toBe(1)
})
