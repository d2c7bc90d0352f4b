import { type QueryResponse, queryResponse } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { type Question, randomQuestion, textOf } from './filters/conditions.ts'
import { holds } from './filters/evaluate.ts'
import { type Item, randomItem, requestOf } from './filters/items.ts'
import { insertOtlp } from './rows/otlp.ts'
import { Random } from './rows/random.ts'
import { post } from './test-api.ts'

const time = Date.now() - 120_000
const signals = ['spans', 'logs', 'metrics'] as const
const random = new Random(20)
const items = Object.fromEntries(
  signals.map((signal) => [signal, Array.from({ length: 150 }, (_, seq) => randomItem(random, signal, seq, time))]),
) as Record<Item['signal'], Item[]>

const api = startedApi(async (engine) => {
  for (const signal of signals) {
    const { signal: of, request } = requestOf(items[signal])
    await insertOtlp(engine, of, request)
  }
})

const rounds = 8
const perRound = 20

function questionsOf(signal: Item['signal'], round: number): Question[] {
  const source = new Random(1000 * (signals.indexOf(signal) + 1) + round)
  return Array.from({ length: perRound }, () => randomQuestion(source, signal))
}

/** Which items a filter finds, by their number. */
async function ask(signal: Item['signal'], questions: readonly Question[]): Promise<number[][]> {
  const of = (filter: string) =>
    signal === 'metrics'
      ? { signal, filter, kind: 'scalar', aggregate: 'count(filtered)', groupBy: ['seq'], limit: 1000 }
      : { signal, filter, kind: 'raw', fields: ['seq'], limit: 1000 }
  const queries = Object.fromEntries(questions.map((question, index) => [`q${index}`, of(textOf(question))]))
  const body = { from: time - 60_000, to: time + 60_000, queries }
  const { results }: QueryResponse = queryResponse.parse(await post(api.app, '/query', body))
  return questions.map((_, index) => {
    const { rows = [], series = [] } = results[`q${index}`]!
    const found =
      signal === 'metrics' ? series.map(({ labels }) => Number(labels['seq'])) : rows.map((row) => Number(row[1]))
    return found.sort((a, b) => a - b)
  })
}

test.each(signals)('the filters that are tried tell %s apart', (signal) => {
  const tried = Array.from({ length: rounds }, (_, round) => questionsOf(signal, round)).flat()
  const telling = tried.filter((question) => {
    const found = items[signal].filter((item) => holds(question, item)).length
    return found > 0 && found < items[signal].length
  })
  expect(telling.length / tried.length).toBeGreaterThan(0.35)
})

describe.each(signals)('random filters find of random %s what they mean', (signal) => {
  test.each(Array.from({ length: rounds }, (_, round) => round))('round %i', async (round) => {
    const questions = questionsOf(signal, round)
    const found = await ask(signal, questions)
    for (const [index, question] of questions.entries()) {
      const wanted = items[signal].flatMap((item, seq) => (holds(question, item) ? [seq] : []))
      expect(found[index], textOf(question)).toEqual(wanted)
    }
  })
})
