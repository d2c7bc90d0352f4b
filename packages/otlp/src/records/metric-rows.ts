import {
  exponentialHistogramDataPoint,
  histogramDataPoint,
  type Message,
  numberDataPoint,
  summaryDataPoint,
} from '../protobuf/messages.ts'
import { validateMessage } from '../protobuf/validate.ts'
import { ExemplarRows } from './exemplar-rows.ts'
import { ExponentialHistogramPoints } from './exponential-histogram-points.ts'
import { HistogramPoints } from './histogram-points.ts'
import { EXPONENTIAL_HISTOGRAM, GAUGE, HISTOGRAM, MetricScan, SUM, SUMMARY } from './metric-scan.ts'
import { NumberPoints } from './number-points.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { ItemWriter } from './request-walk.ts'
import type { ResourceRows } from './resource-rows.ts'
import type { ScopeRows } from './scope-rows.ts'
import { SeriesRows } from './series-rows.ts'
import { SummaryPoints } from './summary-points.ts'
import { within } from './value-scan.ts'

interface PointWriter {
  read(metric: MetricScan): RejectionReason | undefined
}

const DATA_POINTS = 10

/** Writes metrics: their series once, their points into the table of their kind. A point counts as one item. */
export class MetricRows implements ItemWriter {
  readonly series: SeriesRows
  readonly numbers: NumberPoints
  readonly histograms: HistogramPoints
  readonly exponentialHistograms: ExponentialHistogramPoints
  readonly summaries: SummaryPoints
  readonly exemplars: ExemplarRows
  readonly #state: RequestState
  readonly #scan = new MetricScan()

  constructor(state: RequestState, resources: ResourceRows, scopes: ScopeRows) {
    this.#state = state
    this.series = new SeriesRows(state, resources, scopes)
    this.exemplars = new ExemplarRows(state, this.series)
    this.numbers = new NumberPoints(state, this.series, this.exemplars)
    this.histograms = new HistogramPoints(state, this.series, this.exemplars)
    this.exponentialHistograms = new ExponentialHistogramPoints(state, this.series, this.exemplars)
    this.summaries = new SummaryPoints(state, this.series)
  }

  read(): void {
    const { reader } = this.#state
    const metric = this.#scan
    const outer = reader.enter()
    metric.read(reader)
    for (let i = 0; i < metric.data.length; i += 2) {
      within(reader, metric.data.words[i]!, metric.data.words[i + 1]!, () => this.#readPoints())
    }
    reader.leave(outer)
  }

  #readPoints(): void {
    const { type } = this.#scan
    if (type === GAUGE || type === SUM) this.#readEach(this.numbers, numberDataPoint)
    else if (type === HISTOGRAM) this.#readEach(this.histograms, histogramDataPoint)
    else if (type === EXPONENTIAL_HISTOGRAM) this.#readEach(this.exponentialHistograms, exponentialHistogramDataPoint)
    else if (type === SUMMARY) this.#readEach(this.summaries, summaryDataPoint)
  }

  #readEach(writer: PointWriter, message: Message): void {
    const { reader } = this.#state
    while (reader.more) {
      const tag = reader.tag()
      if (tag === DATA_POINTS) this.#readPoint(writer, message)
      else reader.skip(tag)
    }
  }

  #readPoint(writer: PointWriter, message: Message): void {
    const { reader, rejections } = this.#state
    const outer = reader.enter()
    const start = reader.position
    const reason = writer.read(this.#scan)
    if (reason !== undefined) {
      within(reader, start, reader.limit, () => validateMessage(reader, message))
      rejections.add(reason, () => `metric ${JSON.stringify(this.#scan.name(reader))}`)
    }
    reader.leave(outer)
  }
}
