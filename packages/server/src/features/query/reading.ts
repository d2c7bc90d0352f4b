import type { TimeRange } from '../../querying/time/time-range.ts'
import type { Group } from './evaluated.ts'

/** How a question is read. */
export interface Reading {
  /** The range that the question is about; with `offsetMs`, it is read that much earlier. */
  readonly range: TimeRange
  readonly stepSeconds: number
  readonly rollups: boolean
  readonly offsetMs?: number
  /** Epoch ms; what times are over depends on it. */
  readonly now?: number
  /** The groups of the window that is compared with, to be read again, instead of the largest of this one. */
  readonly like?: readonly Group[]
}
