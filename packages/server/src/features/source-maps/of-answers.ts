import type { Attributes } from '@burstlet/contract/common'
import type { LogRecord } from '@burstlet/contract/logs'
import type { Span } from '@burstlet/contract/traces'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { SentStack } from '../../querying/context/stack-maps.ts'

const stackKey = 'exception.stacktrace'

/** Records with their stacks in the places of the sources, where a source map fits. */
export async function withMappedLogs(context: QueryContext, records: LogRecord[]): Promise<LogRecord[]> {
  const places = records.flatMap((record, index) => {
    const stack = stackOf(record.metadata, record)
    return stack ? [{ index, stack }] : []
  })
  if (!context.sourceMaps || places.length === 0) return records
  const mapped = await context.sourceMaps.map(
    context.space,
    places.map(({ stack }) => stack),
  )
  for (const [index, found] of mapped.entries()) {
    const at = places[index]!.index
    if (found) records[at] = { ...records[at]!, mappedStack: found.stack }
  }
  return records
}

/** Spans with the stacks of their events in the places of the sources, where a source map fits. */
export async function withMappedSpans(context: QueryContext, spans: Span[]): Promise<Span[]> {
  const events = spans.flatMap((span) =>
    span.events.flatMap((event) => {
      const stack = stackOf(event.attributes, span)
      return stack ? [{ event, stack }] : []
    }),
  )
  if (!context.sourceMaps || events.length === 0) return spans
  const mapped = await context.sourceMaps.map(
    context.space,
    events.map(({ stack }) => stack),
  )
  const mappedOf = new Map(events.map(({ event }, index) => [event, mapped[index]?.stack]))
  return spans.map((span) => ({
    ...span,
    events: span.events.map((event) => {
      const mappedStack = mappedOf.get(event)
      return mappedStack ? { ...event, mappedStack } : event
    }),
  }))
}

function stackOf(
  attributes: Attributes,
  { service, resource }: { service: string; resource: Attributes },
): SentStack | undefined {
  const stack = attributes[stackKey]
  const version = resource['service.version']
  return typeof stack === 'string' && typeof version === 'string' ? { service, version, stack } : undefined
}
