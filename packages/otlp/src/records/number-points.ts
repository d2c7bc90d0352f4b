import { BlockBuilder } from '../native/block.ts'
import type { ExemplarRows } from './exemplar-rows.ts'
import type { MetricScan } from './metric-scan.ts'
import { PointScan } from './point-scan.ts'
import { PointValue } from './point-value.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { SeriesRows } from './series-rows.ts'

/** Writes the points of gauges and sums into a block of `metric_samples`. */
export class NumberPoints {
  readonly block: BlockBuilder<'metric_samples'>
  readonly #state: RequestState
  readonly #series: SeriesRows
  readonly #exemplars: ExemplarRows
  readonly #point: PointScan
  readonly #value = new PointValue()

  constructor(state: RequestState, series: SeriesRows, exemplars: ExemplarRows) {
    this.#state = state
    this.#series = series
    this.#exemplars = exemplars
    this.#point = new PointScan(state)
    this.block = new BlockBuilder('metric_samples', state.keys)
  }

  /** Reads the NumberDataPoint up to the reader's limit and writes it, or answers why not. */
  read(metric: MetricScan): RejectionReason | undefined {
    this.#scan()
    const fault = this.#point.fault(metric)
    if (fault !== undefined) return fault
    if (!this.#series.use(metric, this.#point.attributes)) return 'series_limit'
    this.block.rows++
    this.#point.write(this.block.columns, this.#state, metric, this.#series)
    this.#value.write(this.block.columns)
    this.#exemplars.write(this.#point.exemplars, metric, this.#point.time)
    return undefined
  }

  #scan(): void {
    const { reader } = this.#state
    const point = this.#point
    point.clear()
    this.#value.clear()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 17:
          point.start.read(reader)
          break
        case 25:
          point.time.read(reader)
          break
        case 33:
          this.#value.readDouble(reader)
          break
        case 42:
          point.exemplars.push(reader.position)
          reader.sized()
          break
        case 49:
          this.#value.readInt(reader)
          break
        case 58:
          point.attributes.add(reader)
          break
        case 64:
          point.flags = reader.varint32()
          break
        default:
          reader.skip(tag)
      }
    }
  }
}
