import type { AnnouncedRows } from './announced-rows.ts'
import type { AttributeLimits } from './attribute-limits.ts'
import type { RecordIds } from './record-ids.ts'
import type { SeriesLimits } from './series-limits.ts'

/** What all requests of a batch share. */
export interface BatchContext {
  /** What is stored already; belongs to one thread. */
  readonly announced: AnnouncedRows
  /** Where log records get their ids from; by default a counter of this thread. */
  readonly recordIds?: RecordIds
  /** Counts new series; belongs to one thread. Unbounded when unset. */
  readonly limits?: SeriesLimits
  /** What attributes may be; belongs to one thread. Unbounded when unset. */
  readonly attributeLimits?: AttributeLimits
}
