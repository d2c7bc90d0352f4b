import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, zstdDecompress } from 'node:zlib'
import type { MemoryBudget } from './memory-budget.ts'
import { IngestError, overloaded, tooLarge, undecodable, unsupported } from './status.ts'

const decompressors = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
} as const

/** A body as it was sent, and what it says. */
export interface Body {
  readonly sent: Buffer
  readonly content: Buffer
}

/**
 * Reads and decompresses a request body. The limit holds for both forms and is decided while reading, never after.
 * @param budget what all requests together may hold; the caller releases `held.bytes` when it is done, also after a failure
 * @throws IngestError 400, 413, 415 or 503
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
  budget: MemoryBudget,
  held: { bytes: number },
): Promise<Body> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (encoding !== 'identity' && !Object.hasOwn(decompressors, encoding)) {
    throw unsupported(`Content-Encoding "${encoding}"; send gzip, deflate, zstd or identity.`)
  }
  if (Number(request.headers['content-length']) > limitBytes) throw tooLarge(limitBytes)

  const hold = (bytes: number) => {
    if (!budget.take(bytes)) throw overloaded('Too many bytes are being received; send again later.')
    held.bytes += bytes
  }
  const sent = await readStream(request, limitBytes, hold)
  if (encoding === 'identity') return { sent, content: sent }
  const content = await decompress(encoding as keyof typeof decompressors, sent, limitBytes)
  hold(content.length)
  return { sent, content }
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

async function decompress(encoding: keyof typeof decompressors, sent: Buffer, limit: number): Promise<Buffer> {
  try {
    return await decompressors[encoding](sent, { maxOutputLength: limit })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw undecodable(`The body is not valid ${encoding}: ${error instanceof Error ? error.message : error}`)
  }
}
