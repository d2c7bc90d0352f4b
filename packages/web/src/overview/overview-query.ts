import type { Overview } from '../api/responses.ts'
import type { QueryState } from '../panel/panel.tsx'
import { resolve, type Span } from '../time/range.ts'
import { useRange } from '../time/use-range.ts'

/** What every panel of the overview is given. */
export interface OverviewProps {
  query: QueryState & { data: Overview | undefined }
}

/** The range that an overview answers for; before it is there, the one that was asked for, so that charts can stand. */
export function useOverviewSpan(overview: Overview | undefined): Span {
  const asked = useRange()
  if (!overview) return resolve(asked, Date.now())
  return { from: Date.parse(overview.from), to: Date.parse(overview.to) }
}
