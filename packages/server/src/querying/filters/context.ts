import type { Parameters } from '../statements/parameters.ts'

/** What every part of a filter is compiled in. */
export interface FilterContext {
  readonly parameters: Parameters
  readonly retentionDays: number
}
