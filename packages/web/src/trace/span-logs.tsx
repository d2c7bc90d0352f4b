import type { LogsResponse } from '@burstlet/contract/logs'
import type { Span } from '@burstlet/contract/traces'
import { useQuery } from '@tanstack/react-query'
import { type ApiError, get } from '../api/client.ts'
import { clockMillis } from '../format/clock.ts'
import { LevelWord } from '../logs/level-word.tsx'
import { ErrorState } from '../panel/error-state.tsx'
import { LoadingLine } from '../panel/loading-line.tsx'
import type { SpanTree } from './span-tree.ts'
import { around } from './trace-range.ts'

/** The log lines that a span wrote, oldest first. */
export function SpanLogs({ span, tree }: { span: Span; tree: SpanTree }) {
  const { data, error, isPending, refetch } = useQuery<LogsResponse, ApiError>({
    queryKey: ['span logs', span.traceId, span.spanId],
    queryFn: ({ signal }) =>
      get<LogsResponse>('/logs', { traceId: span.traceId, spanId: span.spanId, limit: 200, ...around(tree) }, signal),
  })
  if (error) return <ErrorState error={error} onRetry={refetch} />
  if (isPending) return <LoadingLine active />
  if (data.items.length === 0) return <p className="dim">This span wrote no log lines</p>
  return (
    <ol className="span-logs mono">
      {data.items.toReversed().map((line) => (
        <li key={`${line.timeUnixNano} ${line.id}`}>
          <span className="dim">{clockMillis(Date.parse(line.timestamp))}</span> <LevelWord level={line.level} />{' '}
          {line.message}
        </li>
      ))}
    </ol>
  )
}
