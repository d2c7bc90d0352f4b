import type { DeadLetters, IngestResponse } from '@burstlet/contract/ingest'
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ApiError, change, get } from '../api/client.ts'

/** What is waiting changes by the second. */
const REFRESH_MS = 2000

export type IngestQuery = UseQueryResult<IngestResponse, ApiError>

/** How ingest goes at this moment. */
export function useIngest(): IngestQuery {
  return useQuery<IngestResponse, ApiError>({
    queryKey: ['/ingest'],
    queryFn: ({ signal }) => get<IngestResponse>('/ingest', {}, signal),
    refetchInterval: REFRESH_MS,
  })
}

/** Rows that ClickHouse did not take. */
export function useRefusedSegments(): UseQueryResult<DeadLetters, ApiError> {
  return useQuery<DeadLetters, ApiError>({
    queryKey: ['/ingest/refused'],
    queryFn: ({ signal }) => get<DeadLetters>('/ingest/refused', {}, signal),
    refetchInterval: REFRESH_MS,
  })
}

/** Sends refused rows again, or gives them up. */
export function useRefusedSegmentChange() {
  const client = useQueryClient()
  return useMutation<unknown, ApiError, { id: string; action: 'retry' | 'drop' }>({
    mutationFn: ({ id, action }) => {
      const path = `/ingest/refused/${encodeURIComponent(id)}`
      return action === 'retry' ? change('POST', `${path}/retry`) : change('DELETE', path)
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['/ingest/refused'] }),
  })
}
