import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { clockMillis, fullClock } from '../format/clock.ts'
import { durationText } from '../format/duration.ts'
import { count, percent, plural, quantityText } from '../format/number.ts'
import { StateIcon } from '../state/state-icon.tsx'
import { maxCritical, type PathSections } from './path-sections.ts'
import type { SpanTree } from './span-tree.ts'
import { type LoadedTrace, maxSpans } from './use-trace.ts'

interface TraceFiguresProps {
  trace: LoadedTrace
  tree: SpanTree
  path: PathSections
  errorCount: number
}

/** The line of figures above a trace. */
export function TraceFigures({ trace, tree, path, errorCount }: TraceFiguresProps) {
  const services = new Set(trace.spans.map((span) => span.service)).size
  const critical = maxCritical(path)
  return (
    <div className="trace-figures">
      {errorCount > 0 ? (
        <span className="pill is-error">
          <StateIcon state="error" size={14} label="" /> {plural(errorCount, 'error')}
        </span>
      ) : (
        <span className="pill is-healthy">
          <StateIcon state="healthy" size={14} label="" /> no errors
        </span>
      )}
      <Figure name="Duration" value={durationText(tree.duration)} />
      <Figure name="Spans" value={count(trace.spans.length)} />
      <Figure name="Services" value={count(services)} />
      <Figure name="Started" value={clockMillis(tree.start)} title={fullClock(tree.start)} />
      {critical && (
        <Figure
          name="Critical path"
          value={`${critical.service ?? 'waiting'}, ${quantityText(percent(critical.share))}`}
        />
      )}
      <CopyId id={trace.traceId} />
      {trace.isCut && <span className="is-warning">Only the first {count(maxSpans)} spans are shown.</span>}
    </div>
  )
}

function Figure({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <span className="dim" title={title}>
      {name} <b>{value}</b>
    </span>
  )
}

function CopyId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      className="trace-id mono"
      title={id}
      aria-label="Copy the trace id"
      onClick={() =>
        navigator.clipboard?.writeText(id).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      {id.slice(0, 16)}…{id.slice(-4)}
      {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
    </button>
  )
}
