import { rareWordsIn } from '../data/logs.ts'
import type { Manifest } from '../data/manifest.ts'
import { tenants } from '../data/spans.ts'
import { hashOf, traceIdOf } from '../data/statements.ts'
import { repeatable, services } from '../scenario/services.ts'

/** What one asking is about: another service, trace, word and end each time, so that no answer is known already. */
export interface Subject {
  readonly service: string
  /** In hex, of a trace of the last day. */
  readonly traceId: string
  /** Of the same trace alone. */
  readonly order: string
  readonly tenant: string
  readonly agent: string
  readonly word: string
  /** End of the range, epoch ms. */
  readonly to: number
}

/** Subjects of so many rounds. @param ask the engine, for what only it can compute */
export async function subjectsOf(
  data: Manifest,
  rounds: number,
  ask: (sql: string) => Promise<string>,
  seed = 1,
): Promise<Subject[]> {
  const random = repeatable(seed)
  const below = (most: number) => Math.floor(random() * most)
  const words = rareWordsIn(data.logs)
  const lastDay = Math.min(1, 86_400 / (data.week.to - data.week.from))
  return Promise.all(
    Array.from({ length: rounds }, async (_, round): Promise<Subject> => {
      // Of the last day, but not of its ends.
      const trace = `toUInt64(${Math.floor(data.traces * (1 - lastDay * (0.05 + 0.9 * random())))})`
      const tenant = tenants - 1 - below(tenants / 2)
      const [service, agent, word] = [
        services[round % services.length]!,
        round % 40,
        words[(seed * 17 + round) % words.length]!,
      ]
      // Neither whole minutes nor the end of the data.
      const to = data.week.to * 1000 - round * 37_000 - below(20_000) - (seed - 1) * 1_000_000
      const row = await ask(`SELECT lower(hex(${traceIdOf(trace)})), ${hashOf(trace, "'target'")} % 50000000`)
      const [traceId = '', target = ''] = row.trim().split('\t')
      return {
        ...{ service, traceId, word, to },
        order: `ord-${target}`,
        tenant: `tenant-${tenant}`,
        agent: `Mozilla/5.0 (X11; Linux x86_64) shop/4.${agent}`,
      }
    }),
  )
}
