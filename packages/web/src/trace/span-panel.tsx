import { IconX } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { withRange } from '../app/search.ts'
import { durationText } from '../format/duration.ts'
import { ServiceName } from '../services/service-name.tsx'
import { useSetSearch } from '../time/use-range.ts'
import { AttributeList } from './attribute-list.tsx'
import { SpanEvents } from './span-events.tsx'
import { SpanLinks } from './span-links.tsx'
import { SpanLogs } from './span-logs.tsx'
import type { SpanNode, SpanTree } from './span-tree.ts'
import { around } from './trace-range.ts'
import './span-panel.css'

type Details = 'attributes' | 'events' | 'logs' | 'links'

/** All about one span: what failed, its attributes and resource, its events, logs and links. */
export function SpanPanel({ node, tree, onClose }: { node: SpanNode; tree: SpanTree; onClose: () => void }) {
  const { details = 'attributes' } = useSearch({ strict: false }) as { details?: string }
  const setSearch = useSetSearch()
  const { span } = node
  const tabs: [Details, string, number | null][] = [
    ['attributes', 'Attributes', Object.keys(span.attributes).length],
    ['events', 'Events', span.events.length],
    ['logs', 'Logs', null],
    ['links', 'Links', span.links.length],
  ]
  const tab = tabs.find(([value]) => value === details)?.[0] ?? 'attributes'
  return (
    <section className="panel span-panel" aria-label={`Span ${span.name}`}>
      <header className="span-panel-head">
        <h2 className="ellipsis" title={span.name}>
          {span.name}
        </h2>
        <button type="button" className="button is-icon is-plain" onClick={onClose} aria-label="Close the span">
          <IconX size={16} aria-hidden />
        </button>
      </header>
      <p className="span-panel-line">
        <ServiceName name={span.service} />
        <span>{durationText(node.duration)}</span>
        <span>self {durationText(node.self)}</span>
        <span className="dim">at +{durationText(node.offset)}</span>
        <span className="dim">{span.kind}</span>
      </p>
      {span.status === 'error' && <Failure node={node} />}
      {node.isOrphan && <p className="span-panel-note dim">Its parent span did not arrive.</p>}
      <div role="tablist" aria-label="Details of the span" className="tabs span-panel-tabs">
        {tabs.map(([value, label, n]) => (
          <button
            key={value}
            type="button"
            role="tab"
            aria-selected={tab === value}
            className="tab"
            onClick={() => setSearch({ details: value === 'attributes' ? undefined : value }, { replace: true })}
          >
            {label} {n !== null && <span className="dim">{n}</span>}
          </button>
        ))}
      </div>
      <div className="span-panel-body">{bodyOf(tab, node, tree)}</div>
      <footer className="span-panel-foot">
        <Link to="/logs" search={withRange({ traceId: span.traceId, ...around(tree) })} className="button">
          Logs of the trace
        </Link>
        <Link to="/traces" search={withRange({ service: span.service, operation: span.name })} className="button">
          Traces like it
        </Link>
      </footer>
    </section>
  )
}

function bodyOf(tab: Details, node: SpanNode, tree: SpanTree): ReactNode {
  const { span } = node
  if (tab === 'events') return <SpanEvents events={span.events} tree={tree} />
  if (tab === 'links') return <SpanLinks links={span.links} />
  if (tab === 'logs') return <SpanLogs span={span} tree={tree} />
  return (
    <>
      <AttributeList attributes={span.attributes} filters="/traces" />
      <Dropped n={span.droppedAttributesCount} what="attributes" />
      <h3>Resource</h3>
      <AttributeList attributes={span.resource} filters="/traces" />
      <h3>Span</h3>
      <AttributeList
        attributes={{
          'span id': span.spanId,
          ...(span.parentSpanId ? { 'parent id': span.parentSpanId } : {}),
          scope: [span.scope.name, span.scope.version].filter(Boolean).join(' '),
          ...(span.traceState ? { 'trace state': span.traceState } : {}),
        }}
      />
    </>
  )
}

function Failure({ node: { span } }: { node: SpanNode }) {
  const exception = span.events.find((event) => event.name === 'exception')
  const type = span.attributes['error.type'] ?? exception?.attributes['exception.type']
  const message = span.statusMessage || exception?.attributes['exception.message']
  return (
    <p className="span-failure" role="note">
      <b className="is-error">{[type, message].filter(Boolean).map(String).join(': ') || 'The span failed'}</b>
    </p>
  )
}

function Dropped({ n, what }: { n: number; what: string }) {
  return n > 0 ? (
    <p className="is-warning">
      The sender dropped {n} more {what}.
    </p>
  ) : null
}
