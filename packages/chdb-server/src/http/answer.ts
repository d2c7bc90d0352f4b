import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, createDeflate, createGzip, createZstdCompress, type Gzip, type ZstdCompress } from 'node:zlib'
import { type EngineError, httpStatus } from '../engine/error.ts'
import type { Summary } from './summary.ts'

/** Beyond this an answer is streamed even when the client asked to wait for its end. */
const maxHeldBytes = 64 * 1024 * 1024

/** Milliseconds. */
const readerPatience = 8000

export interface AnswerOptions {
  /** Content-Encoding to use. */
  encoding: Encoding | undefined
  /** Hold back this much, so that an error until then has a status of its own. */
  bufferSize: number
  waitForEnd: boolean
  summary: Summary
  version: string
}

export type Encoding = 'gzip' | 'zstd' | 'deflate'

/** The best encoding that the client accepts, and that we have. */
export function acceptedEncoding(request: IncomingMessage): Encoding | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '').toLowerCase()
  return (['zstd', 'gzip', 'deflate'] as const).find((name) =>
    new RegExp(`(?:^|[ ,])${name}(?:$|[ ,;])`).test(accepted),
  )
}

/** A query's answer: held back at first, then streamed. Errors become a status, or a marked block in the stream. */
export class Answer {
  readonly #response: ServerResponse
  readonly #options: AnswerOptions
  readonly #exceptionTag = randomBytes(8).toString('hex')
  #held: Buffer[] = []
  #heldBytes = 0
  #encoder: Gzip | ZstdCompress | undefined
  #failed = false

  constructor(response: ServerResponse, options: AnswerOptions) {
    this.#response = response
    this.#options = options
  }

  /** Resolves when the client keeps up. */
  async write(data: Buffer): Promise<void> {
    if (data.length === 0) return
    if (this.#response.headersSent) return this.#send(data)
    this.#held.push(data)
    this.#heldBytes += data.length
    const limit = this.#options.waitForEnd ? maxHeldBytes : this.#options.bufferSize
    if (this.#heldBytes > limit) await this.#startStreaming()
  }

  async end(): Promise<void> {
    const response = this.#response
    if (!response.headersSent) {
      if (this.#options.encoding === undefined) {
        response.setHeader('X-ClickHouse-Summary', this.#options.summary.toString())
        response.setHeader('Content-Length', this.#heldBytes)
        response.end(Buffer.concat(this.#held))
        return
      }
      await this.#startStreaming()
    }
    const sink = this.#encoder ?? response
    sink.end()
  }

  /** A status and a text, or, when the answer is under way, a marked block; the connection then ends without the last chunk. */
  async fail(error: EngineError): Promise<void> {
    const response = this.#response
    const text = error.format(this.#options.version)
    if (!response.headersSent) {
      sendError(response, error, this.#options.version)
      return
    }
    this.#failed = true
    const length = Buffer.byteLength(text)
    const tag = this.#exceptionTag
    await this.#send(Buffer.from(`\r\n__exception__\r\n${tag}\r\n${text}${length} ${tag}\r\n__exception__\r\n`))
    this.#encoder?.end()
    // A reader drops what it holds when the connection breaks, so it gets time to come to the block, and to leave.
    const end = setTimeout(() => response.socket?.end(), readerPatience)
    response.once('close', () => clearTimeout(end))
  }

  async #startStreaming(): Promise<void> {
    const { encoding, summary } = this.#options
    this.#response.setHeader('X-ClickHouse-Summary', summary.toString())
    this.#response.setHeader('X-ClickHouse-Exception-Tag', this.#exceptionTag)
    if (encoding !== undefined) {
      this.#response.setHeader('Content-Encoding', encoding)
      this.#encoder = this.#connectEncoder(encoding)
    }
    this.#response.writeHead(200)
    const held = this.#held
    this.#held = []
    for (const data of held) await this.#send(data)
  }

  #connectEncoder(encoding: Encoding): Gzip | ZstdCompress {
    const encoder = encoderOf(encoding)
    const response = this.#response
    encoder.on('data', (data: Buffer) => {
      if (!response.write(data)) encoder.pause()
    })
    encoder.on('end', () => {
      if (!this.#failed) response.end()
    })
    response.on('drain', () => encoder.resume())
    response.on('close', () => encoder.destroy())
    return encoder
  }

  async #send(data: Buffer): Promise<void> {
    const response = this.#response
    const sink = this.#encoder ?? response
    if (response.destroyed || sink.write(data)) return
    const gone = new AbortController()
    const leave = () => gone.abort()
    response.once('close', leave)
    try {
      await once(sink, 'drain', { signal: gone.signal })
    } catch {
      // The client is gone; the request's own signal ends the query.
    } finally {
      response.off('close', leave)
    }
  }
}

/** An answer that is an error from its first byte. */
export function sendError(response: ServerResponse, error: EngineError, version: string): void {
  const text = error.format(version)
  response.setHeader('X-ClickHouse-Exception-Code', error.code)
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  if (error.code === 202) response.setHeader('Retry-After', 1)
  if (error.code === 194) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse HTTP API"')
  response.writeHead(httpStatus(error.code))
  response.end(text)
}

function encoderOf(encoding: Encoding): Gzip | ZstdCompress {
  if (encoding === 'zstd') return createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  // ClickHouse's own default level.
  return encoding === 'gzip' ? createGzip({ level: 3 }) : createDeflate({ level: 3 })
}
