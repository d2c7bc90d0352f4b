import type { ProblemError } from '@burstlet/contract/errors'
import type { QueryBody, QueryMeta, QueryResponse, QueryResult } from '@burstlet/contract/query'
import { ApiError, withPath } from '../../http/errors/api-error.ts'
import { cacheKey, sourcesOf } from '../../querying/cache/response-cache.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { badRegularExpression, isBadRegularExpression } from '../../querying/statements/bad-regular-expression.ts'
import { countingReader, type Sent, type Statistics } from '../../querying/statements/statistics.ts'
import { readCollectionInterval, shortestStep } from '../metrics/collection-interval.ts'
import { resultOf } from './answer.ts'
import type { Evaluated } from './evaluated.ts'
import { unitWarnings } from './formula-units.ts'
import { applyFormula, type Compared, type Operand } from './formulas.ts'
import { readHeatMap } from './heat-map.ts'
import { readMetricHeatMap } from './metric-heat-map.ts'
import { type PlannedQuery, planQuery, type QueryPlan, withLeastStep } from './plan.ts'
import { readRawRows } from './raw-rows.ts'
import { readEvents } from './read-events.ts'
import { kindsOf, metricOf, readMetricGroups } from './read-metric.ts'
import type { Reading } from './reading.ts'
import { partOf, type SharedPart, sharedReads } from './shared-reads.ts'
import { isEmpty, warningsOf } from './warnings.ts'

export interface RunOptions {
  readonly now?: number
  /** false: everything from the raw tables. */
  readonly rollups?: boolean
  /** Told every statement, with the name of its query. */
  readonly onSent?: (name: string, sent: Sent) => void
}

/**
 * Answers a body of `POST /query`.
 * @throws ApiError VALIDATION_ERROR naming what is at fault; QueryLimitError when a bound is reached
 */
export async function runQuery(
  context: QueryContext,
  body: QueryBody,
  options: RunOptions = {},
): Promise<QueryResponse> {
  const started = performance.now()
  const { now = Date.now() } = options
  const plan = await withFittingStep(context, body, now, planQuery(body, now))
  const total: Statistics = { rowsRead: 0, bytesRead: 0 }
  const shared = await Promise.all(
    sharedReads(plan.queries, plan.stepSeconds).map(async ({ query, parts }) => {
      const reader = countingReader(context.reader, total, (sent) => {
        for (const { name } of parts) options.onSent?.(name, sent)
      })
      const whole = await known(query, { ...context, reader }, plan, options).catch(blame(query))
      return parts.map((part) => [part.name, answerOf(whole, part)] as const)
    }),
  )
  const answers = new Map<string, OneResponse>(shared.flat())
  const read = [...plan.queries.keys()].map((name) => [name, answers.get(name)!] as const)
  for (const [name, formula] of plan.formulas) {
    answers.set(name, ofOperand(applyFormula(formula, (read) => answers.get(read)!.operand!)))
  }
  const sources = Object.fromEntries([...answers].map(([name, { source }]) => [name, source]))
  const meta: QueryMeta = {
    ...total,
    durationMs: performance.now() - started,
    source: [...new Set(read.map(([, { source }]) => source))].join(', '),
    sources,
    cached: read.some(([, { cached }]) => cached),
    from: new Date(plan.range.from).toISOString(),
    to: new Date(plan.range.to).toISOString(),
    stepSeconds: plan.stepSeconds,
    warnings: [
      ...read.flatMap(([name, { result, warnings = [] }]) => {
        const query = plan.queries.get(name)!
        const ofMetric = warnings.map((each) => ({ path: `${query.path}.metric`, ...each }))
        return [...ofMetric, ...warningsOf(query, result)]
      }),
      ...unitWarnings(plan.formulas, (name) => answers.get(name)?.operand),
    ],
  }
  return { results: Object.fromEntries([...answers].map(([name, { result }]) => [name, result])), meta }
}

/** A step that nobody asked for is no shorter than the metrics are collected in. */
async function withFittingStep(
  context: QueryContext,
  body: QueryBody,
  now: number,
  plan: QueryPlan,
): Promise<QueryPlan> {
  if (body.step !== undefined) return plan
  const metrics = [...plan.queries.values()].filter(
    ({ signal, kind }) => signal === 'metrics' && kind === 'time_series',
  )
  const intervals = await Promise.all(
    metrics.map(async (query) => {
      const { chosen } = await kindsOf(query, context, plan.range)
      if (!chosen) return 0
      return shortestStep(await readCollectionInterval(context, metricOf(query).name, plan.range, chosen, now))
    }),
  )
  const least = Math.max(1, ...intervals)
  return least > plan.stepSeconds ? withLeastStep(plan, body, least) : plan
}

interface OneResponse {
  readonly result: QueryResult
  readonly source: string
  /** What a formula reads of it; raw rows and distributions have none. */
  readonly operand?: Operand
  readonly cached: boolean
  /** Besides what the answer itself shows. */
  readonly warnings?: readonly Omit<ProblemError, 'path'>[] | undefined
}

/** An answer about times that are all over is kept for a moment. */
async function known(
  query: PlannedQuery,
  context: QueryContext,
  plan: QueryPlan,
  options: RunOptions,
): Promise<OneResponse> {
  const { cache } = context
  await cache?.upToDate()
  if (!cache || plan.range.to > cache.closedUntil(options.now)) return readOne(query, context, plan, options)
  const { path: _, ...asked } = query
  const { range, stepSeconds } = plan
  const key = cacheKey('answer', context.space, context.retention, asked, range, stepSeconds, options.rollups)
  const found = cache.get<OneResponse>(key)
  if (found) return { ...found, cached: true }
  const answer = await readOne(query, context, plan, options)
  if (!isEmpty(answer.result) && answer.result.completeUntil === undefined) {
    const sources = sourcesOf([query.signal], { ...range, from: range.from - (query.compareSeconds ?? 0) * 1000 })
    cache.set(key, answer, sources, JSON.stringify(answer).length / 10)
  }
  return answer
}

async function readOne(
  query: PlannedQuery,
  context: QueryContext,
  plan: QueryPlan,
  options: RunOptions,
): Promise<OneResponse> {
  const { range, stepSeconds } = plan
  const { now = Date.now(), rollups = true } = options
  if (query.kind === 'raw') return { ...(await readRawRows(query, context, range)), cached: false }
  if (query.kind === 'distribution') {
    const read = query.signal === 'metrics' ? readMetricHeatMap : readHeatMap
    const { source, warnings, ...heatMap } = await read(query, context, range, stepSeconds, rollups)
    return { source, warnings, cached: false, result: { kind: query.kind, ...heatMap, truncated: false } }
  }
  const evaluate = (reading: Reading) =>
    query.signal === 'metrics' ? readMetricGroups(query, context, reading) : readEvents(query, context, reading)
  const evaluated = await evaluate({ range, stepSeconds, rollups, now })
  const compared = await compare(query, plan, (offsetMs) =>
    evaluate({ range, stepSeconds, rollups, now, offsetMs, like: evaluated.groups }),
  )
  return ofOperand({ kind: query.kind, groupBy: query.groupBy, evaluated, compared })
}

function answerOf(whole: OneResponse, part: SharedPart): OneResponse {
  return whole.operand ? { ...ofOperand(partOf(whole.operand, part)), cached: whole.cached } : whole
}

function ofOperand(operand: Operand): OneResponse {
  const { source, cached, warnings } = operand.evaluated
  return { result: resultOf(operand), source, cached, operand, warnings }
}

/** A fault that shows only when a filter is compiled or run, with the path of the filter. */
function blame({ path, filter }: PlannedQuery): (error: unknown) => never {
  return (error) => {
    const at = `${path}.filter`
    if (isBadRegularExpression(error)) {
      const fault = badRegularExpression(at, error, filter)
      throw new ApiError('VALIDATION_ERROR', `${at}: ${fault.message}`, [fault])
    }
    return withPath(at, () => {
      throw error
    })
  }
}

async function compare(
  query: PlannedQuery,
  { range }: QueryPlan,
  read: (offsetMs: number) => Promise<Evaluated>,
): Promise<Compared | undefined> {
  const { compareSeconds } = query
  if (compareSeconds === undefined) return undefined
  const offsetMs = compareSeconds * 1000
  return {
    from: range.from - offsetMs,
    to: range.to - offsetMs,
    offsetSeconds: compareSeconds,
    evaluated: await read(offsetMs),
  }
}
