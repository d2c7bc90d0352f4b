import type { Announcements } from './announced-rows.ts'
import type { TableName } from './columns.ts'
import { transcode } from './json/transcode.ts'
import type { BlockBuilder } from './native/block.ts'
import { LogRows } from './records/log-rows.ts'
import { MetricRows } from './records/metric-rows.ts'
import type { Rejection } from './records/rejections.ts'
import { type BatchContext, type DecodeContext, RequestState } from './records/request-state.ts'
import { walkRequest } from './records/request-walk.ts'
import { ResourceRows } from './records/resource-rows.ts'
import { ScopeRows } from './records/scope-rows.ts'
import { SpanRows } from './records/span-rows.ts'

export type { BatchContext } from './records/request-state.ts'

export type Signal = 'traces' | 'logs' | 'metrics'
export type Encoding = 'protobuf' | 'json'

/** One complete block in ClickHouse's Native format, columns as in `columns.ts`. Its bytes are valid until the next batch is encoded. */
export interface Block {
  readonly table: TableName
  readonly rows: number
  readonly bytes: Uint8Array
}

/** What came of a request. */
export interface RequestResult {
  /** Spans, log records or data points that are in the blocks. */
  readonly accepted: number
  /** Those that are not. */
  readonly rejected: number
  readonly rejections: readonly Rejection[]
  /** For `partial_success.error_message`; empty when nothing was rejected. */
  readonly message: string
  /** Whether a record without any time was in the body: the same body then need not be the same data. */
  readonly untimed: boolean
}

/** What came of a batch. */
export interface BatchBlocks {
  /** In the order in which they should be inserted: what is pointed at before what points at it. Never empty blocks. */
  readonly blocks: readonly Block[]
  /** For `AnnouncedRows.confirm`, once the blocks are durable. */
  readonly announces: Announcements
}

/** What came of a batch of one request. */
export interface Decoded extends RequestResult, BatchBlocks {}

const state = new RequestState()
const resources = new ResourceRows(state)
const scopes = new ScopeRows(state)
const spans = new SpanRows(state, resources, scopes)

const logs = new LogRows(state, resources, scopes)
const metrics = new MetricRows(state, resources, scopes)

const writers = {
  traces: { items: spans, noun: 'spans', blocks: [spans.block] },
  logs: { items: logs, noun: 'log records', blocks: [logs.block] },
  metrics: {
    items: metrics,
    noun: 'data points',
    blocks: [
      metrics.series.block,
      metrics.numbers.block,
      metrics.histograms.block,
      metrics.exponentialHistograms.block,
      metrics.summaries.block,
      metrics.exemplars.block,
    ],
  },
}

const builders = [
  resources.block,
  scopes.block,
  ...writers.traces.blocks,
  ...writers.logs.blocks,
  ...writers.metrics.blocks,
] as readonly BlockBuilder<TableName>[]

/** Starts a batch, and forgets the one before. There is one batch at a time in a thread: the buffers belong to it. */
export function beginBatch(context: BatchContext): void {
  for (const builder of builders) builder.clear()
  state.beginBatch(context)
}

/**
 * Adds the body of an OTLP Export request, uncompressed, to the batch. Items that are invalid for themselves are left
 * out and counted. Throws DecodeError, with what and where, when the body as a whole is not what its encoding says, and
 * TooLargeError when it would become more than a request may.
 * After any error the batch holds half a request: begin it again without that body.
 * @param receivedNanos wall clock at receipt, in nanoseconds since 1970
 */
export function addRequest(signal: Signal, encoding: Encoding, body: Uint8Array, receivedNanos: bigint): RequestResult {
  const { items, noun } = writers[signal]
  state.beginRequest(signal, encoding === 'json' ? transcode(signal, body) : body, receivedNanos)
  walkRequest(state.reader, resources, scopes, items)
  state.endRequest()
  return {
    accepted: state.accepted,
    rejected: state.rejections.total,
    rejections: state.rejections.list(),
    message: state.rejections.message(noun),
    untimed: state.untimed,
  }
}

/** One block for each table that the batch has rows for. */
export function encodeBatch(): BatchBlocks {
  return {
    blocks: builders
      .filter((builder) => builder.rows > 0)
      .map((builder) => ({ table: builder.table, rows: builder.rows, bytes: builder.encode() })),
    announces: state.announces(),
  }
}

/** A batch of one request. Throws DecodeError; then nothing of it is to be stored. */
export function decodeRequest(signal: Signal, encoding: Encoding, body: Uint8Array, context: DecodeContext): Decoded {
  beginBatch(context)
  const result = addRequest(signal, encoding, body, context.receivedNanos)
  return { ...result, ...encodeBatch() }
}
