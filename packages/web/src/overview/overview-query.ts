import type { OverviewAnswer } from '@burstlet/contract/overview'
import type { QueryState } from '../panel/panel.tsx'
import type { Span } from '../time/range.ts'

/** What every panel of the overview is given. */
export type OverviewProps = { query: QueryState & { data: OverviewAnswer | undefined } }

export function spanOf(overview: OverviewAnswer): Span {
  return { from: Date.parse(overview.from), to: Date.parse(overview.to) }
}
