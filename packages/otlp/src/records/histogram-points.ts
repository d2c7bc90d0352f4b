import { BlockBuilder } from '../native/block.ts'
import { GrowingWords } from '../native/growing-words.ts'
import { Distribution, readFixed64, readPackedFixed64 } from './distribution.ts'
import type { ExemplarRows } from './exemplar-rows.ts'
import type { MetricScan } from './metric-scan.ts'
import { PointScan } from './point-scan.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { SeriesRows } from './series-rows.ts'

/** Writes the points of histograms with explicit bounds into a block of `metric_histograms`. */
export class HistogramPoints {
  readonly block: BlockBuilder<'metric_histograms'>
  readonly #state: RequestState
  readonly #series: SeriesRows
  readonly #exemplars: ExemplarRows
  readonly #point: PointScan
  readonly #distribution = new Distribution()
  /** 64-bit counts and doubles, as pairs of words. */
  readonly #counts = new GrowingWords()
  readonly #bounds = new GrowingWords()

  constructor(state: RequestState, series: SeriesRows, exemplars: ExemplarRows) {
    this.#state = state
    this.#series = series
    this.#exemplars = exemplars
    this.#point = new PointScan(state)
    this.block = new BlockBuilder('metric_histograms', state.keys)
  }

  /** Reads the HistogramDataPoint up to the reader's limit and writes it, or answers why not. */
  read(metric: MetricScan): RejectionReason | undefined {
    this.#scan()
    const fault = this.#point.fault(metric) ?? this.#bucketFault()
    if (fault !== undefined) return fault
    const { columns } = this.block
    if (!this.#series.use(metric, this.#point.attributes, this.#bounds)) return 'series_limit'
    this.block.rows++
    this.#point.write(columns, this.#state, metric, this.#series)
    this.#distribution.write(columns)
    columns.buckets.elements.appendAll(this.#counts)
    columns.buckets.endRow(this.#counts.length / 2)
    this.#exemplars.write(this.#point.exemplars, metric, this.#point.time)
    return undefined
  }

  /** One more count than bounds, or neither; a gap needs no counts. */
  #bucketFault(): RejectionReason | undefined {
    const counts = this.#counts.length / 2
    const bounds = this.#bounds.length / 2
    if (counts === bounds + 1 || (counts === 0 && (bounds === 0 || this.#point.isGap))) return undefined
    return 'bucket_count_mismatch'
  }

  #scan(): void {
    const { reader } = this.#state
    const point = this.#point
    point.clear()
    this.#distribution.clear()
    this.#counts.clear()
    this.#bounds.clear()
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
          this.#distribution.count.read(reader)
          break
        case 41:
          this.#distribution.readSum(reader)
          break
        case 49:
          readFixed64(reader, this.#counts)
          break
        case 50:
          readPackedFixed64(reader, this.#counts)
          break
        case 57:
          readFixed64(reader, this.#bounds)
          break
        case 58:
          readPackedFixed64(reader, this.#bounds)
          break
        case 66:
          point.exemplars.push(reader.position)
          reader.sized()
          break
        case 74:
          point.attributes.add(reader)
          break
        case 80:
          point.flags = reader.varint32()
          break
        case 89:
          this.#distribution.readMin(reader)
          break
        case 97:
          this.#distribution.readMax(reader)
          break
        default:
          reader.skip(tag)
      }
    }
  }
}
