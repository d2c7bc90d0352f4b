import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { forApi } from '../time/range.ts'
import { useRange, useRefreshInterval } from '../time/use-range.ts'
import { type ApiError, requestUnchecked } from './client.ts'
import type { Exactly, Query, RangedOperation, Response } from './operations.ts'

type Parameters<Name extends RangedOperation> = Omit<Query<Name>, 'from' | 'to'>

/** Asks the API for the page's time range, and again at the page's refresh interval. Old data stays meanwhile. */
export function useRanged<Name extends RangedOperation, Given extends Parameters<Name>>(
  name: Name,
  query: Exactly<Parameters<Name>, Given>,
  options: { enabled?: boolean; refetchInterval?: number | false } = {},
): UseQueryResult<Response<Name>, ApiError> {
  const range = useRange()
  const interval = useRefreshInterval()
  const asked = { ...query, ...forApi(range) }
  return useQuery<Response<Name>, ApiError>({
    queryKey: [name, asked],
    queryFn: ({ signal }) => requestUnchecked(name, asked, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: options.refetchInterval ?? interval,
    enabled: options.enabled ?? true,
  })
}
