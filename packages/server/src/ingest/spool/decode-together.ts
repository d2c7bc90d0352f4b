import type { BatchContext } from '@burstlet/otlp/batch-context'
import { addRequest, type BatchBlocks, beginBatch, encodeBatch, type RequestResult } from '@burstlet/otlp/decode'
import { DecodeError, TooLargeError } from '@burstlet/otlp/decode-error'
import { inflateBody } from '../inflate.ts'
import { grpcCode, IngestError, tooMany, undecodable } from '../status.ts'
import type { LaneRequest } from './lane-messages.ts'

/** Requests in one block per table. */
export interface Batch extends BatchBlocks {
  readonly decoded: readonly { readonly request: LaneRequest; readonly result: RequestResult }[]
}

/** Requests that can be stored together, and those that cannot be stored at all. */
export interface Sorted {
  readonly good: readonly LaneRequest[]
  readonly bad: readonly { readonly request: LaneRequest; readonly error: IngestError }[]
}

/** Beyond so many bytes, decompressed, a batch takes no further request: what is decoded is held in memory. */
const mostContentBytes = 32 * 1024 * 1024

/**
 * Decodes requests, or as many of the first of them as memory allows, into one block per table.
 * @throws IngestError when any of them cannot be read
 */
export function decodeTogether(requests: readonly LaneRequest[], context: BatchContext, maxBodyBytes: number): Batch {
  try {
    beginBatch(context)
    const decoded: { request: LaneRequest; result: RequestResult }[] = []
    let content = 0
    for (const request of requests) {
      const body = inflateBody(request.compression, request.body, maxBodyBytes)
      const received = BigInt(request.receivedAt) * 1_000_000n
      decoded.push({ request, result: addRequest(request.signal, request.encoding, body, received) })
      content += body.length
      if (content > mostContentBytes) break
    }
    return { ...encodeBatch(), decoded }
  } catch (error) {
    throw asIngestError(error)
  }
}

/** Reads each request alone, so that one that cannot be read costs itself alone. */
export function sortOut(requests: readonly LaneRequest[], context: BatchContext, maxBodyBytes: number): Sorted {
  const good: LaneRequest[] = []
  const bad: { request: LaneRequest; error: IngestError }[] = []
  for (const request of requests) {
    try {
      decodeTogether([request], context, maxBodyBytes)
      good.push(request)
    } catch (error) {
      bad.push({ request, error: asIngestError(error) })
    }
  }
  return { good, bad }
}

function asIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error
  if (error instanceof TooLargeError) return tooMany(error.message)
  if (error instanceof DecodeError) return undecodable(error.message)
  const fault = new IngestError(500, grpcCode.internal, 'The server failed on this request.')
  fault.cause = error
  return fault
}
