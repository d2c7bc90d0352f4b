import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HeavyQueries } from './heavy-queries.ts'

/** Statements that end when they are told to, in the order in which they began. */
function statements() {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const statement = (name: string) => () => {
    began.push(name)
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
  }
  const end = async (name: string) => {
    ends.get(name)!()
    await sleep(1)
  }
  return { began, statement, end }
}

test('the first of everybody comes before the second of anybody', async () => {
  const heavy = new HeavyQueries({ rows: 1, running: 1, waiting: 10, waitMs: 60_000 })
  const { began, statement, end } = statements()
  const answers = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map((name) => heavy.run(name[0]!, undefined, statement(name)))
  await sleep(1)
  expect(heavy.load).toEqual({ running: 1, waiting: 5 })
  for (const name of ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']) await end(name)
  expect(began).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  expect(await Promise.all(answers)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'b2'])
  expect(heavy.load).toEqual({ running: 0, waiting: 0 })
})

test('too many are refused, and so is one that waited too long', async () => {
  const heavy = new HeavyQueries({ rows: 1, running: 1, waiting: 1, waitMs: 20 })
  const { began, statement, end } = statements()
  const first = heavy.run('a', undefined, statement('first'))
  const second = heavy.run('a', undefined, statement('second'))
  await expect(heavy.run('b', undefined, statement('third'))).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  await expect(second).rejects.toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('narrower') })
  await end('first')
  expect(await first).toBe('first')
  expect(began).toEqual(['first'])
})

test('who goes away leaves the queue; what fails makes room', async () => {
  const heavy = new HeavyQueries({ rows: 1, running: 1, waiting: 5, waitMs: 60_000 })
  const { began, statement, end } = statements()
  const away = new AbortController()
  const first = heavy.run('a', undefined, statement('first'))
  const second = heavy.run('a', away.signal, statement('second'))
  const third = heavy.run('b', undefined, () => Promise.reject(new Error('broken')))
  const fourth = heavy.run('b', undefined, statement('fourth'))
  const caught = [expect(second).rejects.toThrow(), expect(third).rejects.toThrow('broken')]
  away.abort()
  await expect(heavy.run('b', away.signal, statement('fifth'))).rejects.toThrow()
  await end('first')
  await Promise.all(caught)
  await end('fourth')
  expect([await first, await fourth]).toEqual(['first', 'fourth'])
  expect(began).toEqual(['first', 'fourth'])
  expect(heavy.load).toEqual({ running: 0, waiting: 0 })
})
