import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until there is an answer, or until it is so. The test's own time limit ends the wait. */
export async function eventually<Answer>(
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await sleep(50)
  }
}
