import type { ArrayColumn } from '../native/array-column.ts'
import { BlockBuilder } from '../native/block.ts'
import type { Column32, Column64 } from '../native/fixed-width-columns.ts'
import { GrowingWords } from '../native/growing-words.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { Distribution, Pair } from './distribution.ts'
import type { ExemplarRows } from './exemplar-rows.ts'
import type { MetricScan } from './metric-scan.ts'
import { PointScan } from './point-scan.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { SeriesRows } from './series-rows.ts'

/** Writes the points of exponential histograms into a block of `metric_exponential_histograms`. */
export class ExponentialHistogramPoints {
  readonly block: BlockBuilder<'metric_exponential_histograms'>
  readonly #state: RequestState
  readonly #series: SeriesRows
  readonly #exemplars: ExemplarRows
  readonly #point: PointScan
  readonly #distribution = new Distribution()
  readonly #zeroCount = new Pair()
  readonly #zeroThreshold = new Pair()
  readonly #positive = new Buckets()
  readonly #negative = new Buckets()
  #scale = 0

  constructor(state: RequestState, series: SeriesRows, exemplars: ExemplarRows) {
    this.#state = state
    this.#series = series
    this.#exemplars = exemplars
    this.#point = new PointScan(state)
    this.block = new BlockBuilder('metric_exponential_histograms', state.keys)
  }

  /** Reads the ExponentialHistogramDataPoint up to the reader's limit and writes it, or answers why not. */
  read(metric: MetricScan): RejectionReason | undefined {
    this.#scan()
    const fault = this.#point.fault(metric)
    if (fault !== undefined) return fault
    const { columns } = this.block
    if (!this.#series.use(metric, this.#point.attributes)) return 'series_limit'
    this.block.rows++
    // A bucket count takes one byte of a body at least, and eight in memory.
    const buckets = this.#positive.count + this.#negative.count
    this.#point.write(columns, this.#state, metric, this.#series, buckets >>> 3)
    this.#distribution.write(columns)
    columns.scale.append(this.#scale)
    this.#zeroCount.appendTo(columns.zero_count)
    this.#zeroThreshold.appendTo(columns.zero_threshold)
    this.#positive.write(columns.positive_offset, columns.positive)
    this.#negative.write(columns.negative_offset, columns.negative)
    this.#exemplars.write(this.#point.exemplars, metric, this.#point.time)
    return undefined
  }

  #scan(): void {
    const { reader } = this.#state
    const point = this.#point
    this.#clear()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 10:
          point.attributes.add(reader)
          break
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
        case 48:
          this.#scale = reader.sint32()
          break
        case 57:
          this.#zeroCount.read(reader)
          break
        case 66:
          this.#positive.read(reader)
          break
        case 74:
          this.#negative.read(reader)
          break
        case 80:
          point.flags = reader.varint32()
          break
        case 90:
          point.exemplars.push(reader.position)
          reader.sized()
          break
        case 97:
          this.#distribution.readMin(reader)
          break
        case 105:
          this.#distribution.readMax(reader)
          break
        case 113:
          this.#zeroThreshold.read(reader)
          break
        default:
          reader.skip(tag)
      }
    }
  }

  #clear(): void {
    this.#point.clear()
    this.#distribution.clear()
    this.#zeroCount.clear()
    this.#zeroThreshold.clear()
    this.#positive.clear()
    this.#negative.clear()
    this.#scale = 0
  }
}

class Buckets {
  #offset = 0
  readonly #counts = new GrowingWords()

  get count(): number {
    return this.#counts.length / 2
  }

  clear(): void {
    this.#offset = 0
    this.#counts.clear()
  }

  read(reader: ProtobufReader): void {
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 8) this.#offset = reader.sint32()
      else if (tag === 16) this.#readCount(reader)
      else if (tag === 18) {
        const beforeList = reader.enter()
        while (reader.more) this.#readCount(reader)
        reader.leave(beforeList)
      } else reader.skip(tag)
    }
    reader.leave(outer)
  }

  write(offset: Column32, counts: ArrayColumn<Column64>): void {
    offset.append(this.#offset)
    const { words, length } = this.#counts
    for (let i = 0; i < length; i += 2) counts.elements.append(words[i]!, words[i + 1]!)
    counts.endRow(length / 2)
  }

  #readCount(reader: ProtobufReader): void {
    reader.varint64()
    this.#counts.pushPair(reader.low, reader.high)
  }
}
