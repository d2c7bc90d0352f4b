import { BlockBuilder } from '../native/block.ts'
import type { GrowingWords } from '../native/growing-words.ts'
import { AttributesText } from './attributes-text.ts'
import type { MetricScan } from './metric-scan.ts'
import { PointValue } from './point-value.ts'
import type { RequestState } from './request-state.ts'
import type { SeriesRows } from './series-rows.ts'
import { Time } from './time.ts'

/** Writes the exemplars of points, of every kind, into one block of `metric_exemplars`. */
export class ExemplarRows {
  readonly block: BlockBuilder<'metric_exemplars'>
  readonly #state: RequestState
  readonly #series: SeriesRows
  readonly #attributes = new AttributesText()
  readonly #time = new Time()
  readonly #value = new PointValue()

  constructor(state: RequestState, series: SeriesRows) {
    this.#state = state
    this.#series = series
    this.block = new BlockBuilder('metric_exemplars', state.keys)
  }

  /** Reads and writes the Exemplar fields whose lengths stand at `positions`; of the series that was used last. */
  write(positions: GrowingWords, metric: MetricScan, pointTime: Time): void {
    const { reader } = this.#state
    const { position } = reader
    for (let i = 0; i < positions.length; i++) {
      reader.position = positions.words[i]!
      this.#writeOne(metric, pointTime)
    }
    reader.position = position
  }

  #writeOne(metric: MetricScan, pointTime: Time): void {
    const { reader, space, received } = this.#state
    const { columns } = this.block
    let traceIdStart = 0
    let traceIdEnd = 0
    let spanIdStart = 0
    let spanIdEnd = 0
    this.#attributes.clear()
    this.#time.clear()
    this.#value.clear()
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 17:
          this.#time.read(reader)
          break
        case 25:
          this.#value.readDouble(reader)
          break
        case 34:
          spanIdEnd = reader.sized()
          spanIdStart = reader.start
          break
        case 42:
          traceIdEnd = reader.sized()
          traceIdStart = reader.start
          break
        case 49:
          this.#value.readInt(reader)
          break
        case 58:
          this.#attributes.add(reader)
          break
        default:
          reader.skip(tag)
      }
    }
    reader.leave(outer)
    this.#time.clamp()
    this.block.rows++
    columns.space.append(space, 0, space.length)
    columns.name.append(reader.bytes, metric.nameStart, metric.nameEnd)
    columns.fingerprint.append(this.#series.fingerprint.low, this.#series.fingerprint.high)
    columns.received.append(received)
    columns.point_time.append(pointTime.low, pointTime.high)
    columns.time.append(this.#time.low, this.#time.high)
    this.#value.write(columns)
    columns.trace_id.append(reader.bytes, traceIdStart, traceIdEnd)
    columns.span_id.append(reader.bytes, spanIdStart, spanIdEnd)
    this.#attributes.appendTo(columns.attributes)
  }
}
