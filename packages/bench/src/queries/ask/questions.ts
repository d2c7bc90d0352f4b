import { rareWordsIn } from '../data/logs.ts'
import type { Manifest } from '../data/manifest.ts'
import { tenants } from '../data/spans.ts'
import { hashOf, traceIdOf } from '../data/statements.ts'
import { repeatable, services } from '../scenario/services.ts'
import * as rival from './rival.ts'

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

/** What ours is asked over HTTP. */
export interface ApiRequest {
  readonly path: string
  readonly body?: unknown
}

export interface Question {
  readonly name: string
  /** Milliseconds; the 95th percentile should be below. */
  readonly goal?: number
  ours(subject: Subject): ApiRequest
  /** The same from the exporter's tables, as well as their columns and indexes allow. */
  theirs(ask: rival.AskRival, subject: Subject): Promise<unknown>
}

const hour = 3_600_000
const during = ({ to }: Subject, hours: number) => `from=${to - hours * hour}&to=${to}`
const search = (filter: (subject: Subject) => string) => (subject: Subject) => ({
  path: `/traces?${during(subject, 24)}&limit=50&filter=${encodeURIComponent(filter(subject))}`,
})

/** Whether it finds anything is checked when it is asked. */
export const questions: readonly Question[] = [
  {
    name: 'overview, 24 h',
    goal: 100,
    ours: (subject) => ({ path: `/overview?${during(subject, 24)}` }),
    theirs: rival.overview,
  },
  {
    name: 'service list, 24 h',
    goal: 100,
    ours: (subject) => ({ path: `/services?${during(subject, 24)}` }),
    theirs: rival.serviceList,
  },
  {
    name: 'RED of a service, 24 h',
    goal: 100,
    ours: ({ service, to }) => {
      const query = (aggregate: string) => ({
        signal: 'spans',
        filter: `service.name = '${service}' AND kind IN ('server', 'consumer')`,
        aggregate,
      })
      const queries = { rate: query('rate'), errors: query('error_rate'), p95: query('p95(duration)') }
      return { path: '/query', body: { from: to - 24 * hour, to, step: 600, queries } }
    },
    theirs: rival.redOfService,
  },
  {
    name: 'page of a service, 24 h',
    ours: (subject) => ({ path: `/services/${subject.service}?${during(subject, 24)}` }),
    theirs: rival.servicePage,
  },
  { name: 'trace by id', goal: 50, ours: ({ traceId }) => ({ path: `/traces/${traceId}` }), theirs: rival.traceById },
  {
    name: 'traces with an attribute, in few spans of 24 h',
    goal: 300,
    ours: search(({ order }) => `order.id = '${order}'`),
    theirs: rival.tracesWith('order.id', ({ order }) => order),
  },
  {
    name: 'traces with an attribute, in hundreds',
    goal: 300,
    ours: search(({ tenant }) => `tenant.id = '${tenant}'`),
    theirs: rival.tracesWith('tenant.id', ({ tenant }) => tenant),
  },
  {
    name: 'traces with an attribute, in very many',
    goal: 300,
    ours: search(({ agent }) => `user_agent.original = '${agent}'`),
    theirs: rival.tracesWith('user_agent.original', ({ agent }) => agent),
  },
  {
    name: 'log text, rare word, 7 d',
    goal: 300,
    ours: (subject) => ({ path: `/logs?${during(subject, 7 * 24)}&limit=50&search=${subject.word}` }),
    theirs: rival.logsWithWord,
  },
  {
    name: 'service map, 24 h',
    goal: 150,
    ours: (subject) => ({ path: `/service-map?${during(subject, 24)}` }),
    theirs: rival.serviceMap,
  },
]

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
