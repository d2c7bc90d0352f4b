import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { EngineError } from '../engine/error.ts'

/** Small pieces are joined up to this before the engine gets them: each call costs a thread switch. */
const pieceBytes = 1024 * 1024

/** The request's body without its Content-Encoding. A broken encoding shows as code 354 while reading. */
export function decodedBody(request: IncomingMessage): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity' || encoding === '') return request
  const decoder = decoderOf(encoding)
  // The error of either side ends the iteration of the decoder.
  return pipeline(request, decoder, () => {})
}

function decoderOf(encoding: string) {
  if (encoding === 'gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  if (encoding === 'zstd') return createZstdDecompress()
  throw new EngineError(
    48,
    'NOT_IMPLEMENTED',
    `Content-Encoding ${encoding} is not supported: use gzip, zstd or deflate`,
  )
}

/** Reads a body from its start: some bytes to look at, then the rest as it comes. */
export class BodyReader {
  readonly #pieces: AsyncIterator<Buffer>

  constructor(body: Readable) {
    this.#pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** Up to `limit` bytes and a little more; fewer when the body ends before. */
  async readStart(limit: number): Promise<{ start: Buffer; ended: boolean }> {
    const pieces: Buffer[] = []
    let length = 0
    while (length <= limit) {
      const piece = await this.#next()
      if (piece === undefined) return { start: Buffer.concat(pieces), ended: true }
      pieces.push(piece)
      length += piece.length
    }
    return { start: Buffer.concat(pieces), ended: false }
  }

  /** `first`, then the rest, in pieces of a good size for the engine. */
  async *rest(first: Buffer): AsyncGenerator<Buffer> {
    let pieces: Buffer[] = [first]
    let length = first.length
    for (let piece = await this.#next(); piece !== undefined; piece = await this.#next()) {
      pieces.push(piece)
      length += piece.length
      if (length < pieceBytes) continue
      yield Buffer.concat(pieces)
      pieces = []
      length = 0
    }
    if (length > 0) yield Buffer.concat(pieces)
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      const next = await this.#pieces.next()
      return next.done === true ? undefined : next.value
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (!code.startsWith('Z_') && !code.startsWith('ZSTD_') && !code.startsWith('ERR_ZSTD')) throw error
      throw new EngineError(
        354,
        'ZLIB_INFLATE_FAILED',
        `The body is not valid in its Content-Encoding: ${String(error)}`,
      )
    }
  }
}
