import type { TracesQuery } from '@burstlet/contract/traces'
import { parse } from '@burstlet/query-language/parse'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { compileFilter } from '../../querying/filters/compile.ts'
import { spanSignal } from '../../querying/filters/spans.ts'
import { all, type Parameters } from '../../querying/statements/parameters.ts'

export interface TraceSearch
  extends Pick<
    TracesQuery,
    | 'service'
    | 'operation'
    | 'status'
    | 'filter'
    | 'minSpanDuration'
    | 'maxSpanDuration'
    | 'rootOnly'
    | 'calls'
    | 'errorBelow'
  > {
  /** ms, of the whole trace. */
  readonly minDuration?: number | undefined
  readonly maxDuration?: number | undefined
}

/** What one span must fulfil, all together, for its trace to be found. */
export function matchCondition(search: TraceSearch, context: QueryContext, parameters: Parameters): string {
  const { service, operation, status, filter, minSpanDuration, maxSpanDuration, rootOnly } = search
  const nanoseconds = (ms: number) => parameters.value('Int64', Math.round(ms * 1e6))
  return all([
    service === undefined ? undefined : `service = ${parameters.value('String', service)}`,
    operation === undefined ? undefined : `name = ${parameters.value('String', operation)}`,
    status === undefined ? undefined : `status ${status === 'error' ? '=' : '!='} 2`,
    minSpanDuration === undefined ? undefined : `greatest(duration, 0) >= ${nanoseconds(minSpanDuration)}`,
    maxSpanDuration === undefined ? undefined : `greatest(duration, 0) <= ${nanoseconds(maxSpanDuration)}`,
    rootOnly ? "parent_id = toFixedString('', 8)" : undefined,
    filter === undefined ? undefined : spanFilter(filter, context, parameters),
  ])
}

export function spanFilter(filter: string, context: QueryContext, parameters: Parameters): string {
  return compileFilter(parse(filter), spanSignal, {
    parameters,
    retentionDays: context.retention.traces,
  })
}
