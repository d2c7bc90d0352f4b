import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type ApiError, request } from '../api/client.ts'
import type { Response } from '../api/operations.ts'
import type { Span } from '../api/responses.ts'

const pageSize = 5_000
/** More spans than a page can show well; the OTLP form has all of them. */
export const maxSpans = 20_000

export interface LoadedTrace {
  traceId: string
  spans: Span[]
  isCut: boolean
}

/** All spans of a trace, page after page, up to {@link maxSpans}. A trace may still grow, so it is asked for again on focus. */
export function useTrace(traceId: string): UseQueryResult<LoadedTrace, ApiError> {
  return useQuery<LoadedTrace, ApiError>({
    queryKey: ['trace', traceId],
    queryFn: async ({ signal }) => {
      const spans: Span[] = []
      let cursor: string | undefined
      do {
        const page: Response<'getTrace'> = await request(
          'getTrace',
          { limit: pageSize, cursor },
          { path: { traceId }, signal },
        )
        spans.push(...page.spans)
        cursor = page.nextCursor ?? undefined
      } while (cursor && spans.length < maxSpans)
      return { traceId, spans, isCut: cursor !== undefined }
    },
    staleTime: 10_000,
  })
}
