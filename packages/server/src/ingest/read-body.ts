import type { IncomingMessage } from 'node:http'
import { type Compression, compressions } from './delivery.ts'
import type { MemoryBudget } from './memory-budget.ts'
import { IngestError, overloaded, tooLarge, undecodable, unsupported } from './status.ts'

/**
 * The coding that a `Content-Encoding` names.
 * @throws IngestError 415
 */
export function compressionOf(header: string | undefined): Compression {
  const name = header?.trim().toLowerCase() || 'identity'
  const known = compressions.find((compression) => compression === name)
  if (known === undefined) throw unsupported(`Content-Encoding "${name}"; send gzip, deflate, zstd or identity.`)
  return known
}

/**
 * Reads a request body as it was sent. The limit is decided while reading, never after.
 * @param budget what all requests together may hold; the caller releases `held.bytes` when it is done, also after a failure
 * @throws IngestError 400, 413 or 503
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
  budget: MemoryBudget,
  held: { bytes: number },
): Promise<Buffer> {
  if (Number(request.headers['content-length']) > limitBytes) throw tooLarge(limitBytes)
  return await readStream(request, limitBytes, (bytes) => {
    if (!budget.take(bytes)) throw overloaded('Too many bytes are being received; send again later.')
    held.bytes += bytes
  })
}

async function readStream(request: IncomingMessage, limit: number, hold: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    // Leaving the loop must not destroy the stream: its socket still has to carry the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) throw tooLarge(limit)
      hold(chunk.length)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof IngestError) throw error
    throw undecodable('The request ended before its body did.')
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)
}
