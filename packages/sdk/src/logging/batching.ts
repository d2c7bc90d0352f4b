import { diag } from '@opentelemetry/api'
import {
  BatchLogRecordProcessor,
  type BatchLogRecordProcessorOptions,
  type LogRecordExporter,
  type ReadWriteLogRecord,
} from '@opentelemetry/sdk-logs'
import { notSent } from '../runtime/diagnostics.ts'
import type { Losses } from '../runtime/losses.ts'

// What a batch processor holds inside, @opentelemetry/sdk-logs 3.0. A test of process.exit proves that it still does.
interface Inside {
  _finishedLogRecords?: ReadWriteLogRecord[]
}

const defaultQueue = 2048

/**
 * OpenTelemetry's batches of log records, with two things that they lack: what does not fit into the queue is counted, and at the
 * end of a process what waits can be given to the exporter without waiting.
 */
export class BatchingLogs extends BatchLogRecordProcessor {
  readonly #exporter: LogRecordExporter
  readonly #maxQueueSize: number
  readonly #losses: Losses
  #isOverflowing = false

  constructor(options: BatchLogRecordProcessorOptions, losses: Losses) {
    super(options)
    this.#exporter = options.exporter
    this.#losses = losses
    this.#maxQueueSize = options.maxQueueSize ?? defaultQueue
  }

  override onEmit(record: ReadWriteLogRecord): void {
    const waiting = (this as unknown as Inside)._finishedLogRecords?.length ?? 0
    if (waiting >= this.#maxQueueSize) {
      this.#losses.overflowed('logs', 1)
      this.#isOverflowing = true
    } else if (this.#isOverflowing) {
      this.#isOverflowing = false
      diag.warn(notSent, 'the queue of log records was full')
    }
    super.onEmit(record)
  }

  /** Gives what waits to the exporter at once. */
  exportNow(): void {
    const records = (this as unknown as Inside)._finishedLogRecords?.splice(0) ?? []
    if (records.length > 0) this.#exporter.export(records, () => {})
  }
}
