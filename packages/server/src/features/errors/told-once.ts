import { groupId } from './found.ts'
import type { LogErrors } from './logs.ts'
import type { StoredErrors } from './spans.ts'

/**
 * Spans without those whose failure a log record tells better: a span that failed without an exception event has a group of its
 * status, and where a record of it carries the exception, the error is one of the record's group.
 */
export function withoutToldByLogs(spans: readonly StoredErrors[], logs: readonly LogErrors[]): StoredErrors[] {
  const told = new Map<string, number>()
  for (const [group, weight] of logs.flatMap(({ inPlaceOf }) => inPlaceOf)) {
    told.set(groupId(group), (told.get(groupId(group)) ?? 0) + weight)
  }
  return spans.flatMap((found) => {
    const left = found.spans - (told.get(found.storedId) ?? 0)
    // Weights are sums of floating point numbers.
    return left < 0.5 ? [] : [{ ...found, count: left, spans: left }]
  })
}
