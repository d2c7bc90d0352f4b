import { expect, it } from 'vitest'
import { RecentBodies } from './recent-bodies.ts'

const stored = { rejected: 0, message: '', repeatable: false }

it('stores one body once, and lets a second copy wait for the first', async () => {
  const recent = new RecentBodies()
  const { promise, resolve } = Promise.withResolvers<typeof stored>()
  let times = 0
  const store = () => {
    times++
    return promise
  }
  const first = recent.once('a', store)
  const second = recent.once('a', store)
  resolve({ ...stored, rejected: 3 })
  expect((await first).rejected).toBe(3)
  expect((await second).rejected).toBe(3)
  await recent.once('a', store)
  expect(times).toBe(1)
})

it('forgets a failure, an outcome that may repeat, and what is too old', async () => {
  const recent = new RecentBodies(0)
  let times = 0
  const count = async () => {
    times++
    return stored
  }
  await expect(recent.once('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  await recent.once('a', count)
  await recent.once('a', count)
  const lasting = new RecentBodies()
  const untimed = async () => ({ ...(await count()), repeatable: true })
  await lasting.once('b', untimed)
  await lasting.once('b', untimed)
  expect(times).toBe(4)
})

it('keeps no more than its cap', async () => {
  const recent = new RecentBodies(60_000, 2)
  let times = 0
  const count = async () => {
    times++
    return stored
  }
  for (const key of ['a', 'b', 'c', 'a']) await recent.once(key, count)
  expect(times).toBe(4)
})

it('tells spaces, paths and bodies apart', () => {
  const keys = [
    RecentBodies.key('default', '/v1/logs', Buffer.from('x')),
    RecentBodies.key('other', '/v1/logs', Buffer.from('x')),
    RecentBodies.key('default', '/v1/traces', Buffer.from('x')),
    RecentBodies.key('default', '/v1/logs', Buffer.from('y')),
  ]
  expect(new Set(keys).size).toBe(4)
})
