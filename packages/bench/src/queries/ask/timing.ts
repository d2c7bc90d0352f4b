import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../store.ts'
import { askOurs } from './ask-ours.ts'
import type { Question } from './questions.ts'
import type { Subject } from './subjects.ts'

/** Milliseconds of each asking. */
export interface Timed {
  readonly question: Question
  readonly ours: number[]
  readonly theirs: number[]
}

/** Rivals that take long are asked at least so often, and then no longer than so many seconds in all. */
const leastOfTheirs = 5
const maxSecondsOfTheirs = 60

/** A page is looked at before the next is asked for. */
const pauseMs = 30

/** Asks everything once a round, ours and theirs in turns. @param rival whether theirs are asked too */
export async function timeQuestions(
  store: Store,
  questions: readonly Question[],
  subjects: readonly Subject[],
  { rival, tell }: { rival: boolean; tell: (line: string) => void },
): Promise<Timed[]> {
  const timed = questions.map((question): Timed => ({ question, ours: [], theirs: [] }))
  const askTheirs = (sql: string) => store.rows(`${sql} FORMAT JSONEachRow`)
  for (const [round, subject] of subjects.entries()) {
    for (const { question, ours, theirs } of timed) {
      const spent = theirs.reduce((sum, ms) => sum + ms, 0) / 1000
      const asked = rival && (theirs.length < leastOfTheirs || spent < maxSecondsOfTheirs)
      const both = [
        async () => void ours.push(await milliseconds(() => askOurs(store.server, question.ours(subject)))),
        async () => void (asked && theirs.push(await milliseconds(() => question.theirs(askTheirs, subject)))),
      ]
      for (const one of round % 2 === 0 ? both : both.reverse()) {
        await sleep(pauseMs)
        await one()
      }
    }
    tell(`round ${round + 1} of ${subjects.length}`)
  }
  return timed
}

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}
