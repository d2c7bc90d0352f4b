import type { Compared, Operand } from './formulas.ts'
import { countsResponse } from './log-count-events.ts'
import type { PlannedQuery } from './plan.ts'
import { fittingRollup } from './rollup-fit.ts'

/** Queries of a body that are read by the same statements. */
export interface SharedRead {
  /** Computes what all of them do. */
  readonly query: PlannedQuery
  readonly parts: readonly SharedPart[]
}

export interface SharedPart {
  readonly name: string
  readonly query: PlannedQuery
  /** Which of the aggregates of the whole are its own. */
  readonly places: readonly number[]
}

/**
 * Brings together what differs in nothing but what it computes, as the rate, the errors and the percentiles of a service
 * do: a statement costs more than an aggregate. Groups are chosen by what is computed, so that a question with groups is
 * read alone; so is one that another table answers.
 */
export function sharedReads(queries: ReadonlyMap<string, PlannedQuery>, stepSeconds: number): SharedRead[] {
  const asked = [...queries].map(([name, query]) => ({ name, query: withAggregate(query) }))
  return [...Map.groupBy(asked, (each) => sameness(each.name, each.query, stepSeconds)).values()].map(together)
}

function sameness(name: string, query: PlannedQuery, stepSeconds: number): string {
  const { path: _, aggregates, ...rest } = query
  const isAlone =
    query.signal === 'metrics' ||
    query.groupBy.length > 0 ||
    aggregates.length === 0 ||
    (query.kind !== 'time_series' && query.kind !== 'scalar')
  return JSON.stringify(isAlone ? name : [rest, fittingRollup(query, stepSeconds), countsResponse(query, stepSeconds)])
}

function together(asked: { name: string; query: PlannedQuery }[]): SharedRead {
  const aggregates = asked.flatMap(({ query }) => query.aggregates)
  let place = 0
  const parts = asked.map(({ name, query }) => ({
    name,
    query,
    places: query.aggregates.map(() => place++),
  }))
  return { query: { ...asked[0]!.query, aggregates }, parts }
}

/** What is computed when nobody says. */
function withAggregate(query: PlannedQuery): PlannedQuery {
  if (query.aggregates.length > 0 || query.signal === 'metrics' || query.kind === 'raw') return query
  if (query.kind === 'distribution') return query
  return { ...query, aggregates: [{ name: 'count', text: 'count' }] }
}

/** One of several that were read together. */
export function partOf(whole: Operand, { places }: SharedPart): Operand {
  const { evaluated, compared } = whole
  // A metric whose aggregate nobody says has none in its query, and the one that suits it in the answer.
  if (places.length === 0 || places.length === evaluated.values.length) return whole
  const pick = (of: Operand['evaluated']): Operand['evaluated'] => ({
    ...of,
    values: places.map((place) => ({ ...of.values[place]!, name: 'value' })),
    groups: of.groups.map((group) => ({ ...group, values: places.map((place) => group.values[place]!) })),
  })
  return {
    ...whole,
    evaluated: pick(evaluated),
    compared: compared && ({ ...compared, evaluated: pick(compared.evaluated) } satisfies Compared),
  }
}
