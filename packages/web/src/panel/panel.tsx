import { IconClock } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import type { ApiError } from '../api/client.ts'
import { ago } from '../format/clock.ts'
import { ErrorState } from './error-state.tsx'
import { LoadingLine } from './loading-line.tsx'

interface PanelProps {
  title: string
  /** Beside the title, in the label colour: a count, an order. */
  note?: ReactNode
  /** At the right of the head: legend, links, choices. */
  aside?: ReactNode
  className?: string
  children: ReactNode
  /** A query whose answer the panel shows; its loading and errors stay inside this panel. */
  query?: QueryState
}

/** What a panel needs to know of its query; TanStack's results fit. */
export interface QueryState {
  isPending: boolean
  /** What is shown answers an earlier question. */
  isPlaceholderData: boolean
  error: ApiError | null
  refetch: () => unknown
  dataUpdatedAt: number
}

/** A framed part of a page: head of 36 px, body below. */
export function Panel({ title, note, aside, className = '', children, query }: PanelProps) {
  const id = useId()
  // Old data is better than an error alone: with data at hand the error only dims and names itself in the head.
  const failed = Boolean(query?.error) && query?.dataUpdatedAt === 0
  return (
    <section className={`panel ${className} ${query?.error && !failed ? 'is-stale' : ''}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {note && <span className="panel-note">{note}</span>}
        <span className="panel-aside">
          {query?.error && !failed && <StaleNote error={query.error} since={query.dataUpdatedAt} />}
          {failed && <code>{query.error?.code}</code>}
          {!failed && aside}
        </span>
      </header>
      {query && <LoadingLine active={query.isPending || query.isPlaceholderData} />}
      {failed && query.error ? <ErrorState error={query.error} onRetry={query.refetch} /> : children}
    </section>
  )
}

/** What is shown is old, since asking again failed; it goes on by itself. */
function StaleNote({ error, since }: { error: ApiError; since: number }) {
  return (
    <span className="stale" title={`${error.code}: ${error.detail}`}>
      <IconClock size={14} aria-hidden /> {ago(since, Date.now())} old
    </span>
  )
}
