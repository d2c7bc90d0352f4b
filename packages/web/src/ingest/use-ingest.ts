import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ApiError, request } from '../api/client.ts'
import type { Response } from '../api/operations.ts'
import type { Ingest } from '../api/responses.ts'

/** What is waiting changes by the second. */
const refreshMs = 2000

export type IngestQuery = UseQueryResult<Ingest, ApiError>

/** How ingest goes at this moment. */
export function useIngest(): IngestQuery {
  return useQuery<Ingest, ApiError>({
    queryKey: ['getIngest'],
    queryFn: ({ signal }) => request('getIngest', {}, { signal }),
    refetchInterval: refreshMs,
  })
}

/** Rows that ClickHouse did not take. */
export function useRefusedSegments(): UseQueryResult<Response<'listRefusedSegments'>, ApiError> {
  return useQuery<Response<'listRefusedSegments'>, ApiError>({
    queryKey: ['listRefusedSegments'],
    queryFn: ({ signal }) => request('listRefusedSegments', {}, { signal }),
    refetchInterval: refreshMs,
  })
}

/** Sends refused rows again, or gives them up. */
export function useRefusedSegmentChange() {
  const client = useQueryClient()
  return useMutation<unknown, ApiError, { id: string; action: 'retry' | 'drop' }>({
    mutationFn: ({ id, action }) =>
      request(action === 'retry' ? 'retryRefusedSegment' : 'dropRefusedSegment', {}, { path: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['listRefusedSegments'] }),
  })
}
