import { BlockBuilder } from '../native/block.ts'
import { GrowingWords } from '../native/growing-words.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { Pair } from './distribution.ts'
import type { MetricScan } from './metric-scan.ts'
import { PointScan } from './point-scan.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { SeriesRows } from './series-rows.ts'

/** Writes the points of summaries into a block of `metric_summaries`. */
export class SummaryPoints {
  readonly block: BlockBuilder<'metric_summaries'>
  readonly #state: RequestState
  readonly #series: SeriesRows
  readonly #point: PointScan
  readonly #count = new Pair()
  readonly #sum = new Pair()
  /** Quantile and value in turn, each a double as two words. */
  readonly #quantiles = new GrowingWords()
  readonly #quantile = new Pair()
  readonly #value = new Pair()

  constructor(state: RequestState, series: SeriesRows) {
    this.#state = state
    this.#series = series
    this.#point = new PointScan(state)
    this.block = new BlockBuilder('metric_summaries', state.keys)
  }

  /** Reads the SummaryDataPoint up to the reader's limit and writes it, or answers why not. */
  read(metric: MetricScan): RejectionReason | undefined {
    this.#scan()
    const fault = this.#point.fault(metric)
    if (fault !== undefined) return fault
    const { columns } = this.block
    if (!this.#series.use(metric, this.#point.attributes)) return 'series_limit'
    this.block.rows++
    this.#point.write(columns, this.#state, metric, this.#series)
    this.#count.appendTo(columns.count)
    this.#sum.appendTo(columns.sum)
    const { words, length } = this.#quantiles
    for (let i = 0; i < length; i += 4) {
      columns.quantiles.elements.append(words[i]!, words[i + 1]!)
      columns.quantile_values.elements.append(words[i + 2]!, words[i + 3]!)
    }
    columns.quantiles.endRow(length / 4)
    columns.quantile_values.endRow(length / 4)
    return undefined
  }

  #scan(): void {
    const { reader } = this.#state
    const point = this.#point
    point.clear()
    this.#count.clear()
    this.#sum.clear()
    this.#quantiles.clear()
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
          this.#count.read(reader)
          break
        case 41:
          this.#sum.read(reader)
          break
        case 50:
          this.#readQuantile(reader)
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

  #readQuantile(reader: ProtobufReader): void {
    this.#quantile.clear()
    this.#value.clear()
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 9) this.#quantile.read(reader)
      else if (tag === 17) this.#value.read(reader)
      else reader.skip(tag)
    }
    reader.leave(outer)
    this.#quantiles.pushPair(this.#quantile.low, this.#quantile.high)
    this.#quantiles.pushPair(this.#value.low, this.#value.high)
  }
}
