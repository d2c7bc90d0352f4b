import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { defaultRefresh, type PageSearch, refreshSeconds } from '../app/search.ts'
import { defaultRange, isLive, type Range, rangeFault } from './range.ts'

/** The time range of the URL; one that cannot be read counts as the default. */
export function useRange(): Range {
  const search = useSearch({ strict: false }) as PageSearch
  const range = { from: search.from ?? defaultRange.from, to: search.to ?? defaultRange.to }
  return rangeFault(range, Date.now()) ? defaultRange : range
}

/** Milliseconds between refreshes, or false: a fixed range does not change, so it is not asked again. */
export function useRefreshInterval(): number | false {
  const range = useRange()
  const seconds = Number(useRefresh())
  return isLive(range) && seconds > 0 ? seconds * 1000 : false
}

/** The refresh choice of the URL, in seconds as text; `0` is off. */
export function useRefresh(): string {
  const { refresh } = useSearch({ strict: false }) as PageSearch
  return refreshSeconds.find((seconds) => seconds === refresh) ?? defaultRefresh
}

/** Changes parameters of the URL in place; undefined removes one. */
export function useSetSearch(): (change: Record<string, string | undefined>, options?: { replace?: boolean }) => void {
  const navigate = useNavigate()
  return useCallback(
    (change, options) => {
      navigate({
        to: '.',
        search: ((previous: Record<string, unknown>) => ({ ...previous, ...change })) as never,
        replace: options?.replace ?? false,
        resetScroll: false,
      })
    },
    [navigate],
  )
}
