import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { encodeExportResponse } from '@burstlet/otlp/export-response'
import type { IngestKey } from '../../access/key-ring.ts'
import type { ArrivingBody } from '../bodies/body-memory.ts'
import { type BodyTimeouts, BodyTimer } from '../bodies/body-timer.ts'
import type { ExportRequest } from '../bodies/export-request.ts'
import { sawBuffer } from '../bodies/garbage-collection.ts'
import type { InflatingBodies } from '../bodies/inflating-bodies.ts'
import { grpcCode, IngestError, tooSlow } from '../bodies/ingest-error.ts'
import { guardIngest, type IngestGuardOptions, noKey } from '../guard.ts'
import type { Receiver } from '../receiver.ts'
import { answerMessage } from './answer.ts'
import { type CallHeaders, readCallHeaders } from './call-headers.ts'
import { MessageReader } from './message-reader.ts'

export interface CallOptions {
  readonly receiver: Receiver
  readonly guard: IngestGuardOptions
  readonly inflating: InflatingBodies
  readonly timeouts: BodyTimeouts
}

/**
 * Answers one Export call. Nothing of the message is read before the key has been seen, and its bytes count as they arrive.
 * @param onKey is told the key as soon as it has been seen
 * @throws IngestError when the call fails
 */
export async function answerExport(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  onKey: (key: IngestKey) => void,
  { receiver, guard, inflating, timeouts }: CallOptions,
): Promise<void> {
  const { authorization } = headers
  const host = headers[':authority'] ?? headers.host
  const key = guardIngest({ method: 'POST', headers: { host, ...(authorization && { authorization }) } }, guard)
  onKey(key)
  const call = readCallHeaders(headers)
  receiver.mustAccept()
  const sender = {
    connection: stream.session!,
    address: stream.session?.socket?.remoteAddress,
    hasKey: key !== noKey,
  }
  let body = receiver.memory.arriving(undefined, sender)
  try {
    const isCompressed = await readMessage(stream, body, timeouts)
    const compression = isCompressed ? compressionOf(call) : 'identity'
    let delivery: ExportRequest = {
      signal: call.signal,
      encoding: 'protobuf',
      compression,
      body: body.bytes,
      space: key.space,
      key: key.name,
      sender,
    }
    if (inflating.takes(compression)) {
      // So that a message is known again whether it comes compressed or not.
      const sent = body
      body = receiver.memory.arriving(undefined, sender)
      try {
        await inflating.inflate(compression, sent.bytes, body)
      } finally {
        sent.release()
      }
      delivery = { ...delivery, compression: 'identity', body: body.bytes }
    }
    const { rejected, message } = await receiver.receive(delivery)
    answerMessage(stream, encodeExportResponse(call.signal, 'protobuf', rejected, message))
  } finally {
    body.release()
  }
}

/** @returns whether it is compressed @throws IngestError */
async function readMessage(stream: ServerHttp2Stream, body: ArrivingBody, timeouts: BodyTimeouts): Promise<boolean> {
  const reader = new MessageReader(body)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = new BodyTimer(timeouts, () => reject(tooSlow()))
  const cut = () => reject(new IngestError(499, grpcCode.cancelled, 'The call was cancelled.'))
  const onData = (chunk: Buffer) => {
    try {
      reader.append(chunk)
      timer.progressed()
      sawBuffer(chunk.length)
    } catch (error) {
      reject(error)
    }
  }
  stream.on('data', onData).once('end', resolve).once('close', cut)
  try {
    await promise
    reader.end()
    return reader.isCompressed
  } finally {
    timer.stop()
    stream.off('data', onData).off('end', resolve).off('close', cut)
  }
}

/** @throws IngestError when the message says that it is compressed and the call does not say how */
function compressionOf({ compression }: CallHeaders) {
  if (compression !== 'identity') return compression
  throw new IngestError(400, grpcCode.internal, 'The message is compressed, but the call names no grpc-encoding.')
}
