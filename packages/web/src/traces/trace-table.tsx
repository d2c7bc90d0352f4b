// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by the virtualizer, which a table element does not allow
import { useMediaQuery } from '@mantine/hooks'
import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { TraceSummary } from '../api/responses.ts'
import { keepRange } from '../app/search.ts'
import { clockMillis, fullClock, zoneName } from '../format/clock.ts'
import { durationText } from '../format/duration.ts'
import { useListKeys } from '../list/use-list-keys.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { ServiceName } from '../services/service-name.tsx'
import { StateIcon } from '../state/state-icon.tsx'
import './trace-table.css'

const row = 30
const rowOnPhone = 44

interface TraceTableProps {
  traces: readonly TraceSummary[]
  query: { data: unknown; hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
}

/** The list of traces, virtual; the next page is asked for when its end comes near. */
export function TraceTable({ traces, query }: TraceTableProps) {
  const box = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const isPhone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false })
  const rows = useVirtualizer({
    count: traces.length,
    getScrollElement: () => box.current,
    estimateSize: () => (isPhone ? rowOnPhone : row),
    overscan: 12,
  })
  const open = (index: number) => {
    const trace = traces[index]
    if (trace) navigate({ to: '/traces/$traceId', params: { traceId: trace.traceId }, search: keepRange })
  }
  const { selected, setSelected } = useListKeys(traces.length, open, (index) => rows.scrollToIndex(index))
  const visible = rows.getVirtualItems()
  const last = visible.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && traces.length > 0 && last >= traces.length - 40) fetchNextPage()
  }, [last, traces.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  if (query.data && traces.length === 0) {
    return (
      <EmptyState title="No traces match in this range">
        <p>Widen the time range, or take a filter away.</p>
      </EmptyState>
    )
  }
  const longest = Math.max(1e-9, ...traces.slice(0, 1000).map((trace) => trace.durationMs))
  return (
    <div className="trace-table" role="table" aria-label="Traces" aria-rowcount={traces.length}>
      <div className="trace-row trace-head" role="row" tabIndex={-1}>
        <ColumnHead className="wide-only" name={`Time, ${zoneName()}`} />
        <ColumnHead name="Root" />
        <ColumnHead name="Duration" className="trace-duration" />
        <ColumnHead name="Spans" className="num wide-only" />
        <ColumnHead name="Errors" className="num" />
        <ColumnHead name="Services" className="wide-only" />
      </div>
      <div className="trace-rows" ref={box}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {visible.map(({ index, start, size }) => (
            <TraceRow
              key={traces[index]!.traceId}
              trace={traces[index]!}
              longest={longest}
              isSelected={index === selected}
              onSelect={() => setSelected(index)}
              style={{ transform: `translateY(${start}px)`, height: size }}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function ColumnHead({ name, className = '' }: { name: string; className?: string }) {
  return (
    <span role="columnheader" tabIndex={-1} className={className}>
      {name}
    </span>
  )
}

interface TraceRowProps {
  trace: TraceSummary
  longest: number
  isSelected: boolean
  onSelect: () => void
  style: React.CSSProperties
}

function TraceRow({ trace, longest, isSelected, onSelect, style }: TraceRowProps) {
  const started = Date.parse(trace.startTime)
  const failed = trace.errorCount > 0
  return (
    <div className={isSelected ? 'trace-row is-selected' : 'trace-row'} role="row" tabIndex={-1} style={style}>
      <span role="cell" className="mono dim wide-only" title={fullClock(started)}>
        {clockMillis(started)}
      </span>
      <span role="cell" className="trace-root">
        {/* The link covers the row, so that a press anywhere opens the trace. */}
        <Link
          to="/traces/$traceId"
          params={{ traceId: trace.traceId }}
          search={keepRange}
          className="trace-open"
          onFocus={onSelect}
        >
          <ServiceName name={trace.rootService} />
          <span className="mono ellipsis" title={trace.rootOperation}>
            {trace.rootOperation}
          </span>
        </Link>
      </span>
      <span role="cell" className="trace-duration">
        <span className="trace-bar wide-only" aria-hidden="true">
          <span className={failed ? 'is-failed' : ''} style={{ width: `${(trace.durationMs / longest) * 100}%` }} />
        </span>
        <span className="num">{durationText(trace.durationMs)}</span>
      </span>
      <span role="cell" className="num secondary wide-only">
        {trace.spanCount}
      </span>
      <span role="cell" className={failed ? 'num is-error' : 'num dim'}>
        {failed && <StateIcon state="error" size={14} label="failed" />} {trace.errorCount}
      </span>
      <span role="cell" className="service-dots wide-only">
        {trace.services.map((service) => (
          <ServiceName key={service} name={service} />
        ))}
      </span>
    </div>
  )
}
