import type { Announcements } from './announced-rows.ts'
import type { TableName } from './columns.ts'
import { transcode } from './json/transcode.ts'
import type { BlockBuilder } from './native/block.ts'
import { LogRows } from './records/log-rows.ts'
import { MetricRows } from './records/metric-rows.ts'
import type { Rejection } from './records/rejections.ts'
import { type DecodeContext, RequestState } from './records/request-state.ts'
import { walkRequest } from './records/request-walk.ts'
import { ResourceRows } from './records/resource-rows.ts'
import { ScopeRows } from './records/scope-rows.ts'
import { SpanRows } from './records/span-rows.ts'

export type Signal = 'traces' | 'logs' | 'metrics'
export type Encoding = 'protobuf' | 'json'

/** One complete block in ClickHouse's Native format, columns as in `columns.ts`. */
export interface Block {
  readonly table: TableName
  readonly rows: number
  readonly bytes: Uint8Array
}

/** What came of a request. */
export interface Decoded {
  /** Spans, log records or data points that are in the blocks. */
  readonly accepted: number
  /** Those that are not. */
  readonly rejected: number
  readonly rejections: readonly Rejection[]
  /** For `partial_success.error_message`; empty when nothing was rejected. */
  readonly message: string
  /** In the order in which they should be inserted: what is pointed at before what points at it. Never empty blocks. */
  readonly blocks: readonly Block[]
  /** Whether a record without any time was in the body: the same body then need not be the same data. */
  readonly untimed: boolean
  /** For `AnnouncedRows.confirm`, once the blocks are durable. */
  readonly announces: Announcements
}

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

/**
 * Decodes the body of an OTLP Export request, uncompressed, into blocks for ClickHouse. Items that are invalid for
 * themselves are left out and counted. Throws DecodeError, with what and where, when the body as a whole is not what
 * its encoding says; then nothing of it is to be stored. Not re-entrant: the buffers belong to the thread.
 */
export function decodeRequest(signal: Signal, encoding: Encoding, body: Uint8Array, context: DecodeContext): Decoded {
  const { items, noun, blocks } = writers[signal]
  const builders = [resources.block, scopes.block, ...blocks] as readonly BlockBuilder<TableName>[]
  for (const builder of builders) builder.clear()
  state.begin(encoding === 'json' ? transcode(signal, body) : body, context)
  walkRequest(state.reader, resources, scopes, items)
  return {
    accepted: state.accepted,
    rejected: state.rejections.total,
    rejections: state.rejections.list(),
    message: state.rejections.message(noun),
    blocks: builders
      .filter((builder) => builder.rows > 0)
      .map((builder) => ({ table: builder.table, rows: builder.rows, bytes: builder.encode() })),
    untimed: state.untimed,
    announces: state.announces(),
  }
}
