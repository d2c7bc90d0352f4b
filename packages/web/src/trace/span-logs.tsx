import { useQuery } from '@tanstack/react-query'
import { type ApiError, request } from '../api/client.ts'
import type { Response } from '../api/operations.ts'
import type { Span } from '../api/responses.ts'
import { clockMillis } from '../format/clock.ts'
import { LevelWord } from '../logs/level-word.tsx'
import { ErrorState } from '../panel/error-state.tsx'
import { LoadingLine } from '../panel/loading-line.tsx'
import type { SpanTree } from './span-tree.ts'
import { around } from './trace-range.ts'

/** The log lines that a span wrote, oldest first. */
export function SpanLogs({ span, tree }: { span: Span; tree: SpanTree }) {
  const { data, error, isPending, refetch } = useQuery<Response<'searchLogs'>, ApiError>({
    queryKey: ['span logs', span.traceId, span.spanId],
    queryFn: ({ signal }) =>
      request('searchLogs', { traceId: span.traceId, spanId: span.spanId, limit: 200, ...around(tree) }, { signal }),
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
