import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { forApi } from '../time/range.ts'
import { useRange, useRefreshInterval } from '../time/use-range.ts'
import { type ApiError, get, type Params } from './client.ts'

/** Asks the API for the page's time range, and again at the page's refresh interval. Old data stays meanwhile. */
export function useRanged<Answer>(
  path: string,
  params: Params = {},
  options: { enabled?: boolean; refetchInterval?: number | false } = {},
): UseQueryResult<Answer, ApiError> {
  const range = useRange()
  const interval = useRefreshInterval()
  const asked = { ...params, ...forApi(range) }
  return useQuery<Answer, ApiError>({
    queryKey: [path, asked],
    queryFn: ({ signal }) => get<Answer>(path, asked, signal),
    placeholderData: keepPreviousData,
    refetchInterval: options.refetchInterval ?? interval,
    enabled: options.enabled ?? true,
  })
}
