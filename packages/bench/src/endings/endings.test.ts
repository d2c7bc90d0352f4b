import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Backends, startBackends } from './backends.ts'
import { type Ended, type Ending, endingNames, measureEnding } from './measure-ending.ts'

/** What packages/sdk/docs/endings.md promises: how much longer an end may take at most, in milliseconds. */
const promised = {
  answers: deadlineOf,
  silent: deadlineOf,
  away: (ending: Ending) => Math.min(200, deadlineOf(ending)),
}
/** A machine that does other things holds both up; without a deadline it would be ten seconds. */
const busyMs = 1500

function deadlineOf(ending: Ending): number {
  if (ending === 'process.exit') return 0
  return ending === 'uncaught error' || ending === 'unhandled rejection' ? 1000 : 2000
}

let backends: Backends
const bare = new Map<Ending, Ended>()

beforeAll(async () => {
  backends = await startBackends()
  for (const ending of endingNames) bare.set(ending, await measureEnding(ending))
})
afterAll(() => backends?.stop())

it('without the SDK, the app ends as it is meant to', () => {
  expect([...bare.values()].map(({ how }) => how)).toEqual([3, 5, 'SIGTERM', 'SIGINT', 7, 1, 1])
})

describe.each(['answers', 'silent', 'away'] as const)('with the SDK and a backend: %s', (backend) => {
  it.each(endingNames)('%s keeps its exit code, and its time but for what is promised', async (ending) => {
    const { how, ms } = await measureEnding(ending, backends.endpoints[backend])
    const without = bare.get(ending)!
    expect(how).toBe(without.how)
    expect(ms - without.ms).toBeLessThan(promised[backend](ending) + busyMs)
  })
})
