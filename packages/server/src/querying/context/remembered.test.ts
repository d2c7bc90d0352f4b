import { expect, test } from 'vitest'
import { testContext } from '../../../test/test-context.ts'
import { ResponseCache } from '../cache/response-cache.ts'
import type { QueryContext } from './query-context.ts'
import { remembered } from './remembered.ts'

const nothing = () => Promise.reject(new Error('nothing is read here'))
const scopeOf = (space: string, cache?: ResponseCache) =>
  testContext(
    { query: nothing, table: nothing, lines: nothing },
    { space, ...(cache && { cache: cache.forRequest(space) }) },
  )

/** What is known each time that it is asked for, and how often it was read. */
function asking(answers: readonly unknown[]) {
  let reads = 0
  const ask = (context: QueryContext, ...about: unknown[]) =>
    remembered(context, ['it', ...about], () => Promise.resolve(answers[reads++ % answers.length]))
  return { ask, reads: () => reads }
}

test('is read once for a tenant and what it is about', async () => {
  const cache = new ResponseCache()
  const { ask, reads } = asking(['first', 'second', 'third'])
  expect(await ask(scopeOf('a', cache), 1)).toBe('first')
  expect(await ask(scopeOf('a', cache), 1)).toBe('first')
  expect(await ask(scopeOf('b', cache), 1)).toBe('second')
  expect(await ask(scopeOf('a', cache), 2)).toBe('third')
  expect(reads()).toBe(3)
})

test('that there is nothing, and what failed, is asked anew; a count of 0 is known', async () => {
  const cache = new ResponseCache()
  for (const nothing of [[], undefined, false]) {
    const { ask } = asking([nothing, 'there'])
    expect(await ask(scopeOf('a', cache), nothing)).toEqual(nothing)
    expect(await ask(scopeOf('a', cache), nothing)).toBe('there')
  }
  const zero = asking([0, 1])
  expect(await zero.ask(scopeOf('a', cache), 'zero')).toBe(0)
  expect(await zero.ask(scopeOf('a', cache), 'zero')).toBe(0)
  const fails = () => remembered(scopeOf('a', cache), ['failure'], () => Promise.reject(new Error('away')))
  await expect(fails()).rejects.toThrow('away')
  await expect(remembered(scopeOf('a', cache), ['failure'], async () => 'back')).resolves.toBe('back')
})

test('without a cache everything is read', async () => {
  const { ask } = asking(['first', 'second'])
  expect([await ask(scopeOf('a')), await ask(scopeOf('a'))]).toEqual(['first', 'second'])
})
