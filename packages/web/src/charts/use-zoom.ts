import { useMemo } from 'react'
import { fixed, type Span, zoomOut } from '../time/range.ts'
import { useRange, useSetSearch } from '../time/use-range.ts'

/** Sets the page's range from a chart: to a part of it, or out to twice its length. */
export function useZoom(): { to: (span: Span) => void; out: () => void } {
  const { from, to } = useRange()
  const setSearch = useSetSearch()
  return useMemo(
    () => ({
      // Whole seconds keep links readable; a second is less than a bucket of any chart.
      to: (span) =>
        setSearch({
          ...fixed({ from: wholeSecond(span.from), to: Math.max(wholeSecond(span.to), wholeSecond(span.from) + 1000) }),
        }),
      out: () => setSearch({ ...zoomOut({ from, to }, Date.now()) }),
    }),
    [from, to, setSearch],
  )
}

function wholeSecond(ms: number): number {
  return Math.round(ms / 1000) * 1000
}
