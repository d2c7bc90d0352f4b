import type { ErrorGroup, ErrorGroupResponse } from '@burstlet/contract/error-groups'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { bucketsOf, chooseInterval, type TimeRange } from '../../querying/time/time-range.ts'
import { together } from './found.ts'
import { countLogErrors, readLogErrors } from './logs.ts'
import { readSpanSamples } from './span-samples.ts'
import { countSpanErrors, readSpanErrors, storedGroupsOf } from './spans.ts'
import { withoutToldByLogs } from './told-once.ts'

export interface GroupsQuestion {
  readonly service?: string | undefined
  readonly search?: string | undefined
  readonly sort: 'count' | 'lastSeen'
}

/** Every group of the range: those of spans and those of log records with an exception, each once. */
export async function readErrorGroups(
  context: QueryContext,
  range: TimeRange,
  question: GroupsQuestion,
): Promise<ErrorGroup[]> {
  const [spans, logs] = await Promise.all([
    readSpanErrors(context, range, question),
    readLogErrors(context, range, question),
  ])
  const wanted = question.search?.toLowerCase()
  return [...Map.groupBy([...withoutToldByLogs(spans, logs), ...logs], ({ id }) => id).values()]
    .map((found) => together(found, 3))
    .filter(({ type, message }) => wanted === undefined || `${type}\n${message}`.toLowerCase().includes(wanted))
    .map(({ stack: _, mappedStack: __, ...group }) => group)
    .sort((a, b) => (question.sort === 'count' ? b.count - a.count : 0) || (a.lastSeen < b.lastSeen ? 1 : -1))
}

const maxSamples = 10

/** @returns undefined when there is no such group in the range */
export async function readErrorGroup(
  context: QueryContext,
  range: TimeRange,
  group: string,
): Promise<ErrorGroupResponse | undefined> {
  const intervalSeconds = chooseInterval(range, 60)
  const question = { group, stored: await storedGroupsOf(context, range, group) }
  const [spans, samples, spanCounts, everyLog] = await Promise.all([
    readSpanErrors(context, range, question),
    readSpanSamples(context, range, question, maxSamples),
    countSpanErrors(context, range, question, intervalSeconds),
    readLogErrors(context, range, question),
  ])
  const logs = everyLog.filter(({ id }) => id === group)
  const found = [...withoutToldByLogs(spans, everyLog).map((each) => ({ ...each, samples })), ...logs]
  if (found.length === 0) return undefined
  const logCounts = await countLogErrors(context, range, logs, intervalSeconds)
  const counts = new Map<number, number>()
  for (const { bucket, count } of [...spanCounts, ...logCounts]) {
    counts.set(Number(bucket), (counts.get(Number(bucket)) ?? 0) + count)
  }
  return {
    ...together(found, maxSamples),
    intervalSeconds,
    series: bucketsOf(range, intervalSeconds).map((at) => [at, counts.get(at) ?? 0]),
  }
}
