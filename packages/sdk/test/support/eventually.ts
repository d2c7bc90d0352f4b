import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until there is an answer. The test's own time limit ends the wait. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(200)
  }
}
