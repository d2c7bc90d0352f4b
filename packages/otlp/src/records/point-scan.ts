import type { Column32, Column64 } from '../native/fixed-width-columns.ts'
import { GrowingWords } from '../native/growing-words.ts'
import type { LowCardinalityColumn } from '../native/low-cardinality-column.ts'
import { AttributeSet } from './attribute-set.ts'
import type { MetricScan } from './metric-scan.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { SeriesRows } from './series-rows.ts'
import { Time } from './time.ts'

const NO_RECORDED_VALUE = 1

/** The columns that every table of points has. */
export interface PointColumns {
  readonly space: LowCardinalityColumn
  readonly name: LowCardinalityColumn
  readonly fingerprint: Column64
  readonly received: Column32
  readonly time: Column64
  readonly start: Column64
  readonly flags: Column32
}

/** What points of every kind have in common, found but not yet written. */
export class PointScan {
  readonly time = new Time()
  readonly start = new Time()
  readonly attributes: AttributeSet
  /** Where the lengths of the exemplar fields stand. */
  readonly exemplars = new GrowingWords()
  flags = 0
  readonly #state: RequestState

  constructor(state: RequestState) {
    this.#state = state
    this.attributes = new AttributeSet(state)
  }

  clear(): void {
    this.time.clear()
    this.start.clear()
    this.attributes.clear()
    this.exemplars.clear()
    this.flags = 0
  }

  /** Whether the point says that there is a gap here. */
  get isGap(): boolean {
    return (this.flags & NO_RECORDED_VALUE) !== 0
  }

  /** What is wrong with the point, as far as that does not hang on its kind. */
  fault(metric: MetricScan): RejectionReason | undefined {
    if (!metric.hasTemporality) return 'temporality_unspecified'
    if (this.time.isBeyondRange) return 'time_out_of_range'
    return this.attributes.fault ?? this.#state.resourceFault ?? this.#state.scopeFault
  }

  /** Writes the common columns; to be called after `series.use`. `parts` are for `RequestState.accept`. */
  write(columns: PointColumns, state: RequestState, metric: MetricScan, series: SeriesRows, parts = 0): void {
    this.start.clamp()
    if (this.time.isZero && this.start.isZero) state.untimed = true
    state.accept(this.exemplars.length + parts)
    columns.space.append(state.space, 0, state.space.length)
    columns.name.append(state.reader.bytes, metric.nameStart, metric.nameEnd)
    columns.fingerprint.append(series.fingerprint.low, series.fingerprint.high)
    columns.received.append(state.received)
    columns.time.append(this.time.low, this.time.high)
    columns.start.append(this.start.low, this.start.high)
    columns.flags.append(this.flags)
  }
}
