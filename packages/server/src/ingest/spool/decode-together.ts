import type { BatchContext } from '@burstlet/otlp/batch-context'
import { addRequest, type BatchBlocks, beginBatch, encodeBatch, type RequestResult } from '@burstlet/otlp/decode'
import { DecodeError, TooLargeError } from '@burstlet/otlp/decode-error'
import { inflateBody } from '../bodies/inflate.ts'
import { grpcCode, IngestError, tooMany, undecodable } from '../bodies/ingest-error.ts'
import type { WorkerRequest } from './worker-messages.ts'

/** Requests, also of several spaces, in one block per table. */
export interface Batch extends BatchBlocks {
  readonly decoded: readonly { readonly request: WorkerRequest; readonly result: RequestResult }[]
}

/** Ends a batch that cannot be decoded. */
export class BatchError extends Error {
  /** Of the request that was being read; unset when it was none of them. */
  readonly index: number | undefined
  override readonly cause: IngestError

  constructor(index: number | undefined, cause: IngestError) {
    super(cause.message)
    this.index = index
    this.cause = cause
  }
}

/** Beyond so many bytes, decompressed, a batch takes no further request: what is decoded is held in memory. */
const maxContentBytes = 32 * 1024 * 1024

/** A batch that has taken so long takes no further request: others may wait, and the first in it does. */
export const maxBatchMs = 100

/**
 * Decodes requests, or as many of the first of them as memory and time allow, into one block per table.
 * @param onRead is told how many milliseconds each took, also the one that failed
 * @throws BatchError when any of them cannot be read
 */
export function decodeTogether(
  requests: readonly WorkerRequest[],
  context: BatchContext,
  maxBodyBytes: number,
  onRead: (request: WorkerRequest, milliseconds: number) => void,
): Batch {
  let index: number | undefined
  try {
    beginBatch(context)
    const decoded: { request: WorkerRequest; result: RequestResult }[] = []
    const began = performance.now()
    let content = 0
    let now = began
    for (const request of requests) {
      index = decoded.length
      try {
        const { space, signal, encoding } = request
        const body = inflateBody(request.compression, request.body, maxBodyBytes)
        const received = BigInt(request.receivedAt) * 1_000_000n
        decoded.push({ request, result: addRequest(space, signal, encoding, body, received) })
        content += body.length
      } finally {
        onRead(request, performance.now() - now)
        now = performance.now()
      }
      if (content > maxContentBytes || now - began > maxBatchMs) break
    }
    index = undefined
    return { ...encodeBatch(), decoded }
  } catch (error) {
    throw new BatchError(index, asIngestError(error))
  }
}

function asIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error
  if (error instanceof TooLargeError) return tooMany(error.message)
  if (error instanceof DecodeError) return undecodable(error.message)
  const fault = new IngestError(500, grpcCode.internal, 'The server failed on this request.')
  fault.cause = error
  return fault
}
