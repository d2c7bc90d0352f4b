import type { ProblemError } from '@burstlet/contract/errors'
import type { Query, QueryBody, QueryKind } from '@burstlet/contract/query'
import { type Aggregate, parseAggregate } from '@burstlet/query-language/aggregate'
import { type Filter, FilterError } from '@burstlet/query-language/filter'
import { type Formula, namesIn, parseFormula } from '@burstlet/query-language/formula'
import { parse } from '@burstlet/query-language/parse'
import { didYouMean } from '@burstlet/query-language/suggest'
import { ApiError, faultOf } from '../../http/errors/api-error.ts'
import { chooseInterval, rangeSeconds, resolveRange, type TimeRange } from '../../querying/time/time-range.ts'
import type { KindChoice } from '../metrics/kinds.ts'
import { type Order, readOrder } from './order.ts'

/** One question of a body, read and checked; what is wrong with it names `path`. */
export interface PlannedQuery {
  readonly path: string
  readonly signal: Query['signal']
  readonly kind: QueryKind
  /** Parsed; undefined when it is blank. */
  readonly filter: Filter | undefined
  readonly metric: string | undefined
  /** Which of the kinds and units of the metric. */
  readonly choice: KindChoice
  /** Empty: what suits the signal. */
  readonly aggregates: readonly PlannedAggregate[]
  readonly field: string | undefined
  readonly groupBy: readonly string[]
  readonly limit: number
  readonly order: Order
  readonly other: boolean
  readonly fields: readonly string[] | undefined
  readonly cursor: string | undefined
  /** How much earlier the same is asked again, in whole steps. */
  readonly compareSeconds: number | undefined
}

export interface PlannedAggregate extends Aggregate {
  /** As it was written: the name of its column. */
  readonly text: string
}

export interface PlannedFormula {
  readonly formula: Formula
  readonly path: string
}

export interface QueryPlan {
  readonly range: TimeRange
  readonly stepSeconds: number
  readonly queries: ReadonlyMap<string, PlannedQuery>
  /** In an order in which each only reads what comes before it. */
  readonly formulas: ReadonlyMap<string, PlannedFormula>
}

/** Collects every fault of a body, so that they are told at once. */
class Faults {
  readonly found: ProblemError[] = []

  add(path: string, message: string, hint?: string): void {
    this.found.push({ path, message, ...(hint !== undefined && { hint }) })
  }

  /** What `read` gives, or undefined when its text is at fault. */
  reading<Result>(path: string, read: () => Result): Result | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      this.found.push(faultOf(path, error))
      return undefined
    }
  }
}

/**
 * Parses every text of a body, once, and checks it.
 * @throws ApiError VALIDATION_ERROR with every fault, its path, and its column where it lies in a text
 */
export function planQuery(body: QueryBody, now = Date.now()): QueryPlan {
  const range = resolveRange(body, now)
  const stepSeconds = stepOf(range, body.step)
  const faults = new Faults()
  const queries = new Map(
    Object.entries(body.queries).map(([name, query]) => [
      name,
      planOne(`queries.${name}`, query, body, range, stepSeconds, faults),
    ]),
  )
  const formulas = planFormulas(body, queries, faults)
  if (faults.found.length > 0) {
    const detail = faults.found.map(({ path, message }) => `${path}: ${message}`).join('; ')
    throw new ApiError('VALIDATION_ERROR', detail, faults.found)
  }
  return { range, stepSeconds, queries, formulas }
}

/** The plan of a body that names no step, with one of at least `leastSeconds`. */
export function withLeastStep(plan: QueryPlan, body: QueryBody, leastSeconds: number): QueryPlan {
  const { range } = plan
  const stepSeconds = chooseInterval(range, 200, leastSeconds)
  const queries = [...plan.queries].map(([name, query]) => {
    const compareSeconds = offsetOf(body.queries[name]!, body, range, stepSeconds)
    return [name, { ...query, compareSeconds }] as const
  })
  return { ...plan, stepSeconds, queries: new Map(queries) }
}

function stepOf(range: TimeRange, asked: number | undefined): number {
  if (asked !== undefined && rangeSeconds(range) / asked > 11_000) {
    const message = 'gives more than 11000 points'
    const hint = `A range of ${Math.ceil(rangeSeconds(range))} s needs a step of at least ${Math.ceil(rangeSeconds(range) / 11_000)}`
    throw new ApiError('VALIDATION_ERROR', `step: ${message}. ${hint}`, [{ path: 'step', message, hint }])
  }
  return asked ?? chooseInterval(range, 200)
}

function planOne(
  path: string,
  query: Query,
  body: QueryBody,
  range: TimeRange,
  stepSeconds: number,
  faults: Faults,
): PlannedQuery {
  const kind = kindOf(query, body)
  const { signal, filter: text = '', groupBy, orderBy } = query
  const filter = faults.reading(`${path}.filter`, () => parse(text))
  const aggregates = [query.aggregate ?? []].flat().flatMap((text, index): PlannedAggregate[] => {
    const at = Array.isArray(query.aggregate) ? `${path}.aggregate.${index}` : `${path}.aggregate`
    const aggregate = faults.reading(at, () => parseAggregate(text))
    if (!aggregate) return []
    if (signal !== 'metrics') checkEventAggregate(aggregate, at, faults)
    return [{ ...aggregate, text: text.trim() }]
  })
  if (Array.isArray(query.aggregate) && query.aggregate.length > 1 && (kind !== 'table' || signal === 'metrics')) {
    faults.add(`${path}.aggregate`, 'only a table of spans or logs takes several')
  }
  for (const [key, wanted] of [
    ['fields', 'raw'],
    ['cursor', 'raw'],
    ['field', 'distribution'],
  ] as const) {
    if (query[key] !== undefined && kind !== wanted) faults.add(`${path}.${key}`, `only with kind ${wanted}`)
  }
  if (kind === 'distribution' && signal === 'logs' && query.field === undefined && !aggregates[0]?.field) {
    faults.add(`${path}.field`, 'is needed for a distribution of logs')
  }
  if (kind === 'distribution' && groupBy.length > 0) faults.add(`${path}.groupBy`, 'not with kind distribution')
  if (query.metric !== undefined && signal !== 'metrics') faults.add(`${path}.metric`, 'only with signal metrics')
  for (const key of ['metricKind', 'unit'] as const) {
    if (query[key] !== undefined && signal !== 'metrics') faults.add(`${path}.${key}`, 'only with signal metrics')
  }
  const order = faults.reading(`${path}.orderBy`, () => readOrder(orderBy, groupBy, aggregates))
  return {
    path,
    signal,
    kind,
    filter: text.trim() === '' ? undefined : filter,
    metric: query.metric,
    choice: { kind: query.metricKind, unit: query.unit },
    aggregates,
    field: query.field,
    groupBy,
    limit: query.limit ?? (kind === 'raw' ? 50 : 100),
    order: order ?? { by: 0, descending: true },
    other: query.other,
    fields: query.fields,
    cursor: query.cursor,
    compareSeconds: offsetOf(query, body, range, stepSeconds),
  }
}

function kindOf(query: Query, body: QueryBody): QueryKind {
  return query.kind ?? body.kind ?? 'time_series'
}

/** Of spans and logs, which every row has and which need no number. */
function checkEventAggregate({ name, field }: Aggregate, path: string, faults: Faults): void {
  if (name === 'last' || name === 'increase') faults.add(path, `${name} is for metrics`)
  else if (['sum', 'avg', 'min', 'max', 'uniq', 'percentile'].includes(name) && field === undefined) {
    faults.add(path, 'needs a field', `Such as ${name === 'percentile' ? 'p95' : name}(duration)`)
  } else if ((name === 'rate' || name === 'error_rate') && field !== undefined) {
    faults.add(path, `${name} takes no field`, 'Say it in the filter: FIELD EXISTS')
  }
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Rounded up to whole steps, so that the points of both windows lie over each other. */
function offsetOf(query: Query, body: QueryBody, range: TimeRange, stepSeconds: number): number | undefined {
  const compare = query.compare ?? body.compare
  if (compare === undefined || kindOf(query, body) === 'raw') return undefined
  const seconds =
    compare === 'previous' ? rangeSeconds(range) : Number(compare.slice(0, -1)) * unitSeconds[compare.slice(-1)]!
  return Math.ceil(seconds / stepSeconds) * stepSeconds
}

function planFormulas(
  body: QueryBody,
  queries: ReadonlyMap<string, PlannedQuery>,
  faults: Faults,
): Map<string, PlannedFormula> {
  const parsed = new Map<string, PlannedFormula>()
  for (const [name, text] of Object.entries(body.formulas)) {
    const path = `formulas.${name}`
    if (queries.has(name)) faults.add(path, 'has the name of a query')
    const formula = faults.reading(path, () => parseFormula(text))
    if (formula && namesIn(formula).length === 0) faults.add(path, 'reads no query')
    if (formula) parsed.set(name, { formula, path })
  }
  const known = [...queries.keys(), ...Object.keys(body.formulas)]
  const ordered = new Map<string, PlannedFormula>()
  const visit = (name: string, from: readonly string[]) => {
    const planned = parsed.get(name)
    if (!planned || ordered.has(name)) return
    for (const { name: read, column } of namesIn(planned.formula)) {
      faults.reading(planned.path, () => {
        if (!known.includes(read)) throw new FilterError(`There is no query ${read}`, column, didYouMean(read, known))
        if (read === name || from.includes(read)) throw new FilterError(`${read} reads itself`, column)
        const query = queries.get(read)
        if (query && query.kind !== 'time_series' && query.kind !== 'scalar') {
          throw new FilterError(`${read} is ${query.kind}; a formula reads time_series and scalar`, column)
        }
      })
      if (faults.found.length > 0) return
      visit(read, [...from, name])
    }
    ordered.set(name, planned)
  }
  for (const name of parsed.keys()) visit(name, [])
  return ordered
}
