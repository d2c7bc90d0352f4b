import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BodyMemory } from '../bodies/body-memory.ts'
import { inflateBody } from '../bodies/inflate.ts'
import { IngestError } from '../bodies/ingest-error.ts'
import { compressionOf, readBody } from './read-body.ts'

const limit = 10_000
const memory = new BodyMemory(50_000, limit)
const server = createServer(async (incoming, answer) => {
  const body = memory.arriving()
  const read = async () => {
    const compression = compressionOf(incoming.headers['content-encoding'])
    await readBody(incoming, body)
    return inflateBody(compression, body.bytes, limit)
  }
  const result = await read().then(
    (content) => ({ status: 200, text: Buffer.from(content).toString() }),
    (error: unknown) => {
      if (!(error instanceof IngestError)) throw error
      return { status: error.httpStatus, text: error.message }
    },
  )
  body.release()
  answer.writeHead(result.status, { connection: 'close' }).end(result.text)
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

function post(body: Buffer, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('readBody', () => {
  it.each([
    ['identity', (body: Buffer) => body],
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
    ['x-gzip', gzipSync],
  ])('reads %s', async (encoding, compress) => {
    const answer = await post(compress(Buffer.from('hello '.repeat(100))), { 'content-encoding': encoding })
    expect(answer).toEqual({ status: 200, text: 'hello '.repeat(100) })
  })
  it('reads several gzip members as one body', async () => {
    const body = Buffer.concat([gzipSync('one'), gzipSync('two')])
    expect(await post(body, { 'content-encoding': 'gzip' })).toEqual({ status: 200, text: 'onetwo' })
  })
  it('refuses what is too large by its header, while it is read, and while it inflates', async () => {
    expect((await post(Buffer.alloc(limit + 1))).status).toBe(413)
    expect((await post(Buffer.alloc(limit + 1), { 'transfer-encoding': 'chunked' })).status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(5_000_000))
    expect(bomb.length).toBeLessThan(limit)
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
    expect((await post(Buffer.alloc(limit))).status).toBe(200)
  })
  it('refuses broken and unknown encodings', async () => {
    const truncated = gzipSync(Buffer.from('x'.repeat(500))).subarray(0, 15)
    expect((await post(truncated, { 'content-encoding': 'gzip' })).status).toBe(400)
    expect((await post(Buffer.from('plain'), { 'content-encoding': 'gzip' })).status).toBe(400)
    expect(await post(Buffer.from('x'), { 'content-encoding': 'br' })).toMatchObject({ status: 415 })
  })
  it('turns bodies away when too much is held, and lets them in again afterwards', async () => {
    const others = Array.from({ length: 5 }, () => memory.arriving())
    for (const other of others) other.append(Buffer.alloc(9000))
    expect((await post(Buffer.alloc(8000))).status).toBe(503)
    for (const other of others) other.release()
    expect((await post(Buffer.alloc(8000))).status).toBe(200)
    expect(memory.used).toBe(0)
  })
})
