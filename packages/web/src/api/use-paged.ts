import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { forApi } from '../time/range.ts'
import { useRange, useRefreshInterval } from '../time/use-range.ts'
import { type ApiError, get, type Params } from './client.ts'

type List<Item> = { items: Item[]; nextCursor: string | null }

/**
 * A list of the page's range, page by page. It is refreshed while only its first page is loaded and `hold` is off;
 * a list that the reader has gone down in must not move.
 */
export function usePaged<Item>(path: string, params: Params, { hold = false }: { hold?: boolean } = {}) {
  const range = useRange()
  const interval = useRefreshInterval()
  const asked = { ...params, ...forApi(range) }
  const query = useInfiniteQuery<List<Item>, ApiError, { pages: List<Item>[] }, unknown[], string | undefined>({
    queryKey: [path, 'paged', asked],
    queryFn: ({ pageParam, signal }) => get<List<Item>>(path, { ...asked, cursor: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (state) => (!hold && (state.state.data?.pages.length ?? 1) === 1 ? interval : false),
    refetchOnWindowFocus: false,
  })
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  return { ...query, items }
}
