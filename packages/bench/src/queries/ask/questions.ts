import * as rival from './rival.ts'
import type { Subject } from './subjects.ts'

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
