import { type Level, levels, severityRange } from '@burstlet/contract/common'
import type { LogsQuery } from '@burstlet/contract/logs'
import { parse } from '@burstlet/query-language/parse'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { compileFilter } from '../../querying/filters/compile.ts'
import { bodyContains, bodySearch, logSignal } from '../../querying/filters/logs.ts'
import { all, type Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'

export type LogSearch = Pick<
  LogsQuery,
  'level' | 'minLevel' | 'service' | 'search' | 'traceId' | 'spanId' | 'filter'
> & {
  /** Finds parts of words too, which no index can: for when whole words find nothing. */
  readonly partsOfWords?: boolean
}

/** The WHERE of a question to `logs`, retention and range included. */
export function matchLogs(search: LogSearch, context: QueryContext, range: TimeRange, parameters: Parameters): string {
  const { level, minLevel, service, traceId, spanId, filter } = search
  const value = (type: string, of: unknown) => parameters.value(type, of)
  const id = (hex: string, bytes: number) => `toFixedString(unhex(${value('String', hex)}), ${bytes})`
  return all([
    `received >= now() - toIntervalDay(${value('UInt32', context.retention.logs)})`,
    `logs.time >= fromUnixTimestamp64Nano(${value('Int64', nanoseconds(range.from))})`,
    `logs.time < fromUnixTimestamp64Nano(${value('Int64', nanoseconds(range.to))})`,
    service === undefined ? undefined : `service = ${value('String', service)}`,
    level && level.length > 0 ? level.map(severityOf).join(' OR ') : undefined,
    minLevel === undefined || minLevel === levels[0] ? undefined : `severity >= ${severityRange(minLevel)[0]}`,
    traceId === undefined ? undefined : `logs.trace_id = ${id(traceId, 16)}`,
    spanId === undefined ? undefined : `logs.span_id = ${id(spanId, 8)}`,
    searchCondition(search, parameters),
    filter === undefined
      ? undefined
      : compileFilter(parse(filter), logSignal, { parameters, retentionDays: context.retention.logs }),
  ])
}

function severityOf(level: Level): string {
  const [low, high] = severityRange(level)
  return `severity BETWEEN ${low} AND ${high}`
}

function searchCondition({ search, partsOfWords }: LogSearch, parameters: Parameters): string | undefined {
  if (search === undefined) return undefined
  return partsOfWords ? bodyContains(search.trim(), parameters) : bodySearch(search, parameters)
}
