import type { ScopeSpans, Span, SpanEvent, SpanLink, TracesData } from '../otlp-json.ts'
import type { ResourceRow, ScopeRow, SpanRow } from '../rows.ts'
import { movedAttributes } from '../semantic-conventions.ts'
import { attributes, attributesOfText, compact, filled, given, id } from './fields.ts'
import { Grouping } from './grouping.ts'

/**
 * Rows of `spans` as OTLP/JSON, grouped by resource and scope; all that was sent is in it again. `resources` and `scopes`
 * are by hash; a resource that is not among them is given by its service name alone.
 */
export function tracesData(
  rows: Iterable<SpanRow>,
  resources: ReadonlyMap<string, ResourceRow>,
  scopes: ReadonlyMap<string, ScopeRow>,
): TracesData {
  const grouping = new Grouping<Span>(resources, scopes)
  for (const row of rows) grouping.add(row, span(row))
  return {
    resourceSpans: [...grouping.groups.values()].map((group) => ({
      ...compact<{ schemaUrl?: string }>({ schemaUrl: group.schemaUrl }),
      resource: group.resource,
      scopeSpans: [...group.scopes.values()].map(({ scope, schemaUrl, items }) =>
        compact<ScopeSpans>({ scope, schemaUrl, spans: items }),
      ),
    })),
  }
}

/** One row of `spans` as an OTLP/JSON Span. */
export function span(row: SpanRow): Span {
  return compact<Span>({
    traceId: row.traceId,
    spanId: row.spanId,
    traceState: given(row.trace_state),
    parentSpanId: id(row.parentId),
    flags: given(row.flags),
    name: given(row.name),
    kind: given(row.kind),
    startTimeUnixNano: given(row.startNano),
    endTimeUnixNano: given(String(BigInt(row.startNano) + BigInt(row.duration))),
    attributes: attributes(row, {
      [movedAttributes.url_full]: row.url_full,
      [movedAttributes.user_id]: row.user_id,
      [movedAttributes.session_id]: row.session_id,
    }),
    droppedAttributesCount: given(row.dropped_attributes),
    events: filled(row.eventTimes.map((_, i) => event(row, i))),
    droppedEventsCount: given(row.dropped_events),
    links: filled(row.linkTraceIds.map((_, i) => link(row, i))),
    droppedLinksCount: given(row.dropped_links),
    status: status(row),
  })
}

function status(row: SpanRow): Span['status'] | undefined {
  if (row.status === 0 && row.status_message === '') return undefined
  return compact<NonNullable<Span['status']>>({ message: given(row.status_message), code: given(row.status) })
}

function event(row: SpanRow, index: number): SpanEvent {
  return compact<SpanEvent>({
    timeUnixNano: given(row.eventTimes[index]!),
    name: given(row.eventNames[index]!),
    attributes: attributesOfText(row.eventAttributes[index]!),
    droppedAttributesCount: given(row.eventDroppedAttributes[index]!),
  })
}

function link(row: SpanRow, index: number): SpanLink {
  return compact<SpanLink>({
    traceId: id(row.linkTraceIds[index]!),
    spanId: id(row.linkSpanIds[index]!),
    traceState: given(row.linkTraceStates[index]!),
    attributes: attributesOfText(row.linkAttributes[index]!),
    droppedAttributesCount: given(row.linkDroppedAttributes[index]!),
    flags: given(row.linkFlags[index]!),
  })
}
