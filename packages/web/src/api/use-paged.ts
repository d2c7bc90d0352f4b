import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { forApi } from '../time/range.ts'
import { useRange, useRefreshInterval } from '../time/use-range.ts'
import { type ApiError, requestUnchecked } from './client.ts'
import type { Exactly, Item, PagedOperation, Query, Response } from './operations.ts'

type Parameters<Name extends PagedOperation> = Omit<Query<Name>, 'from' | 'to' | 'cursor'>

/**
 * A list of the page's range, page by page. It is refreshed while only its first page is loaded and `hold` is off;
 * a list that the reader has gone down in must not move.
 */
export function usePaged<Name extends PagedOperation, Given extends Parameters<Name>>(
  name: Name,
  query: Exactly<Parameters<Name>, Given>,
  { hold = false }: { hold?: boolean } = {},
) {
  const range = useRange()
  const interval = useRefreshInterval()
  const asked = { ...query, ...forApi(range) }
  const result = useInfiniteQuery<Response<Name>, ApiError, { pages: Response<Name>[] }, unknown[], string | undefined>(
    {
      queryKey: [name, 'paged', asked],
      queryFn: ({ pageParam, signal }) => requestUnchecked(name, { ...asked, cursor: pageParam }, { signal }),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
      refetchInterval: (state) => (!hold && (state.state.data?.pages.length ?? 1) === 1 ? interval : false),
      refetchOnWindowFocus: false,
    },
  )
  const items = useMemo(() => result.data?.pages.flatMap((page): Item<Name>[] => page.items) ?? [], [result.data])
  return { ...result, items }
}
