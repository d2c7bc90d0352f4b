import type { Announcements } from './announced-rows.ts'
import { unboundedAttributes } from './attribute-limits.ts'
import type { BatchContext } from './batch-context.ts'
import type { TableName } from './columns.ts'
import { Decoder } from './decoder/decoder.ts'
import { itemNames } from './decoder/host.ts'
import type { Rejection } from './decoder/rejections.ts'
import { transcode } from './json/transcode.ts'
import { counterBits, RecordIds } from './record-ids.ts'
import { keyRefused } from './semantic-conventions.ts'
import type { Encoding, Signal } from './signal.ts'

/** What one call of `decodeRequest` is given. */
export interface DecodeContext extends BatchContext {
  /** The tenant whose data it is. */
  readonly space: string
  /** Wall clock at receipt, in nanoseconds since 1970. */
  readonly receivedNanos: bigint
}

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
  /** For `partial_success.error_message`; empty when everything is stored as it was sent. */
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

/** As in `assembly/records/request-walk.ts`. */
const signalNumbers = { traces: 0, logs: 1, metrics: 2 } as const
const nanosPerSecond = 1_000_000_000n

const decoder = new Decoder()
const ownRecordIds = new RecordIds()
let recordIds = ownRecordIds
/** So far in the batch. */
let requests = 0

/** Starts a batch, and forgets the one before. There is one batch at a time in a thread: the memory belongs to it. */
export function beginBatch(context: BatchContext): void {
  decoder.begin()
  context.limits?.beginBatch()
  recordIds = context.recordIds ?? ownRecordIds
  requests = 0
  decoder.run((instance) => {
    instance.host.beginBatch(context)
    instance.beginBatch(context.attributeLimits?.most ?? unboundedAttributes)
  })
}

/**
 * Adds the body of an OTLP Export request, uncompressed, to the batch. Items that are invalid for themselves are left
 * out and counted. Throws DecodeError, with what and where, when the body as a whole is not what its encoding says, and
 * TooLargeError when it would become more than a request may; Error when the batch has too many keys for it and others.
 * After any error the batch holds half a request: begin it again without that body.
 * @param space the tenant whose data it is; requests of several may be in one batch, those of one together are cheaper
 * @param receivedNanos wall clock at receipt, in nanoseconds since 1970
 */
export function addRequest(
  space: string,
  signal: Signal,
  encoding: Encoding,
  body: Uint8Array,
  receivedNanos: bigint,
): RequestResult {
  const content = encoding === 'json' ? transcode(signal, body) : body
  decoder.noteBody(content.length)
  const { isOverfull, ...result } = decoder.run((instance) => {
    const { host, exports } = instance
    // The keys that the space and signal before had no room for, these may have.
    if (host.beginRequest(space, signal, Number(receivedNanos / nanosPerSecond))) exports.reconsider(keyRefused)
    instance.useSpace(space)
    instance.addRequest(signalNumbers[signal], content, receivedNanos)
    const accepted = exports.accepted()
    if (signal === 'logs') exports.numberLogs(accepted, recordIds.take(accepted), counterBits)
    return {
      accepted,
      rejected: host.rejections.total,
      rejections: host.rejections.list(),
      message: [host.rejections.message(itemNames[signal].many), lostEnumsMessage(exports.lostEnums())]
        .filter((text) => text !== '')
        .join('; '),
      untimed: exports.untimed() !== 0,
      isOverfull: exports.overfull() !== 0,
    }
  })
  requests++
  // No fault of the decoder, so not thrown where it would cost the instance.
  if (isOverfull && requests > 1) throw new Error('too many keys for one batch')
  return result
}

/** What the specification has a `partial_success` without rejected items for: a warning. */
function lostEnumsMessage(count: number): string {
  return count === 0 ? '' : `${count} severity numbers, kinds or status codes below 0 or above 255 were stored as 0`
}

/** One block for each table that the batch has rows for. */
export function encodeBatch(): BatchBlocks {
  return decoder.run((instance) => {
    const blocks = instance.encode()
    decoder.noteBlocks(blocks)
    return { blocks, announces: instance.announces() }
  })
}

/** A batch of one request. Throws DecodeError; then nothing of it is to be stored. */
export function decodeRequest(signal: Signal, encoding: Encoding, body: Uint8Array, context: DecodeContext): Decoded {
  beginBatch(context)
  const result = addRequest(context.space, signal, encoding, body, context.receivedNanos)
  return { ...result, ...encodeBatch() }
}
