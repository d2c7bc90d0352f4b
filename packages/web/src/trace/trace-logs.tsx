import { useInfiniteQuery } from '@tanstack/react-query'
import { type ApiError, request } from '../api/client.ts'
import type { Response } from '../api/operations.ts'
import { LogList } from '../logs/log-list.tsx'
import { EmptyState } from '../panel/empty-state.tsx'
import { ErrorState } from '../panel/error-state.tsx'
import { LoadingLine } from '../panel/loading-line.tsx'
import type { SpanTree } from './span-tree.ts'
import { around } from './trace-range.ts'

type List = Response<'searchLogs'>

/** The log lines of a trace. They are looked for around the trace, whatever the page's range is. */
export function TraceLogs({ traceId, tree }: { traceId: string; tree: SpanTree }) {
  const range = around(tree)
  const query = useInfiniteQuery<List, ApiError, { pages: List[] }, unknown[], string | undefined>({
    queryKey: ['trace logs', traceId, range],
    queryFn: ({ pageParam, signal }) =>
      request('searchLogs', { traceId, ...range, limit: 500, cursor: pageParam }, { signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={query.refetch} />
  const lines = query.data?.pages.flatMap((page) => page.items) ?? []
  if (query.data && lines.length === 0) {
    return (
      <EmptyState title="This trace has no log lines">
        <p>Lines belong to a trace when they carry its trace id.</p>
      </EmptyState>
    )
  }
  return (
    <>
      <LoadingLine active={query.isPending} />
      <LogList lines={lines} query={query} label="Log lines of the trace" />
    </>
  )
}
