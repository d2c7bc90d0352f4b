import type { SpanEvent } from '../api/responses.ts'
import { durationText } from '../format/duration.ts'
import { Stack } from '../stack/stack.tsx'
import { AttributeList } from './attribute-list.tsx'
import type { SpanTree } from './span-tree.ts'

/** The events of a span, with their distance from the start of the trace. */
export function SpanEvents({ events, tree }: { events: readonly SpanEvent[]; tree: SpanTree }) {
  if (events.length === 0) return <p className="dim">No events</p>
  return (
    <ol className="span-events">
      {events.map((event, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and their order does not change
        <li key={i}>
          <h3>
            {event.name} <span className="dim">+{durationText(Date.parse(event.time) - tree.start)}</span>
          </h3>
          {event.mappedStack && <Stack stack={event.mappedStack} />}
          <AttributeList attributes={event.attributes} />
        </li>
      ))}
    </ol>
  )
}
