import { readFileSync } from 'node:fs'
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { snappyCompress } from 'hysnappy'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compression } from '../src/ingest/bodies/export-request.ts'
import { inflateBody } from '../src/ingest/bodies/inflate.ts'
import { frame, openCall, openSession } from './grpc-streams.ts'

const maxBodyBytes = 64 * 1024 * 1024

describe('what other programs compress', () => {
  const content = Array.from({ length: 20_000 }, (_, i) => `line ${i % 97} `).join('')
  const files: readonly (readonly [string, Compression])[] = [
    ['snappy-raw', 'snappy'],
    ['snappy-framed', 'snappy'],
    ['lz4-default', 'lz4'],
    ['lz4-small', 'lz4'],
    ['lz4-linked', 'lz4'],
  ]
  const bytesOf = (file: string) => readFileSync(new URL(`codings/${file}`, import.meta.url))

  it.each(files)('is read: %s', (file, compression) => {
    expect(Buffer.from(inflateBody(compression, bytesOf(file), maxBodyBytes)).toString()).toBe(content)
  })

  it.each(files)('is refused when it is more than a body may be, while it is inflated: %s', (file, compression) => {
    expect(() => inflateBody(compression, bytesOf(file), 100_000)).toThrow(/larger than 100000 bytes/)
  })

  it.each(files)('is refused when it is cut off, and never breaks otherwise: %s', (file, compression) => {
    const bytes = bytesOf(file)
    for (let length = 1; length < bytes.length; length += 101) {
      expect(() => inflateBody(compression, bytes.subarray(0, length), maxBodyBytes)).toThrow(/not valid/)
    }
    for (let at = 0; at < bytes.length; at += 37) {
      const broken = Buffer.from(bytes)
      broken[at]! ^= 0x55
      try {
        expect(inflateBody(compression, broken, maxBodyBytes).length).toBeLessThanOrEqual(maxBodyBytes)
      } catch (error) {
        expect(error).toMatchObject({ name: 'IngestError' })
      }
    }
  })
})

describe('what is small and says that it is large', () => {
  it('is not believed', () => {
    // A block of snappy of 4 GiB, and frames of lz4 that repeat a byte without end.
    const snappy = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x61])
    expect(() => inflateBody('snappy', snappy, maxBodyBytes)).toThrow(/larger than/)
    const block = Buffer.concat([Buffer.from([0x1f, 0x61, 1, 0]), Buffer.alloc(100_000, 0xff), Buffer.from([0])])
    const size = Buffer.alloc(4)
    size.writeUInt32LE(block.length)
    const lz4 = Buffer.concat([Buffer.from([4, 0x22, 0x4d, 0x18, 0x40, 0x70, 0]), size, block, Buffer.alloc(4)])
    expect(() => inflateBody('lz4', lz4, 8_000_000)).toThrow(/larger than/)
  })
})

const body = Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"as it was"}}]}]}]}')
/** An empty attribute of a resource, many times: an Export request without a record. */
const message = Buffer.from([0x0a, 4, 0x0a, 2, 0x0a, 0])

/** A frame whose one block is not compressed. */
function lz4(content: Uint8Array): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(0x80000000 + content.length)
  return Buffer.concat([Buffer.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]), size, content, Buffer.alloc(4)])
}

/** A framed stream whose one chunk is compressed. */
function framed(content: Uint8Array): Buffer {
  const chunk = snappyCompress(content)
  const head = Buffer.alloc(8)
  head.writeUIntLE(chunk.length + 4, 1, 3)
  return Buffer.concat([Buffer.from([0xff, 6, 0, 0]), Buffer.from('sNaPpY'), head, chunk])
}

describe('a server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const post = (encoding: string, bytes: Uint8Array) =>
    fetch(`${server.otlpHttp}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: Uint8Array.from(bytes),
    })
  async function call(bytes: Uint8Array, headers: Record<string, string> = {}) {
    const session = openSession(server.otlpGrpc)
    const { stream, result } = openCall(session, headers)
    stream.end(bytes)
    const answer = await result
    session.destroy()
    return answer
  }

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['zlib', deflateSync],
    ['zstd', zstdCompressSync],
    ['snappy', snappyCompress],
    ['snappy', framed],
    ['x-snappy-framed', framed],
    ['lz4', lz4],
  ])('takes %s over HTTP', async (encoding, compress) => {
    const response = await post(encoding, compress(body))
    expect([response.status, await response.text()]).toEqual([200, '{}'])
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
    ['snappy', framed],
    ['lz4', lz4],
  ])('takes %s over gRPC', async (encoding, compress) => {
    const answer = await call(frame(compress(message), 1), { 'grpc-encoding': encoding })
    expect(answer).toMatchObject({ status: 0, message: '' })
    // A coding that is named need not be used.
    expect((await call(frame(message), { 'grpc-encoding': encoding })).status).toBe(0)
  })

  it('says what it takes to whoever sends something else', async () => {
    const response = await post('br', body)
    expect(response.status).toBe(415)
    expect(response.headers.get('accept-encoding')).toBe(
      'identity, gzip, deflate, zstd, snappy, lz4, x-gzip, zlib, x-snappy-framed',
    )
    const answer = await call(frame(message, 1), { 'grpc-encoding': 'br' })
    expect(answer).toMatchObject({ status: 12, message: expect.stringContaining('snappy') })
    expect(answer.fields['grpc-accept-encoding']).toBe('identity,gzip,deflate,zstd,snappy,lz4')
    expect((await call(frame(message))).fields['grpc-accept-encoding']).toBe('identity,gzip,deflate,zstd,snappy,lz4')
  })

  it.each(['gzip', 'deflate', 'zstd', 'snappy', 'lz4'])('says what is wrong with %s that is none', async (encoding) => {
    const response = await post(encoding, Buffer.from('not compressed at all'))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 3, message: expect.stringContaining(`not valid ${encoding}`) })
    expect((await call(frame(Buffer.from('not compressed'), 1), { 'grpc-encoding': encoding })).status).not.toBe(0)
  })

  it('answers INTERNAL to a message that is compressed where the call does not say how', async () => {
    expect((await call(frame(gzipSync(message), 1))).status).toBe(13)
    expect((await call(frame(gzipSync(message), 1), { 'grpc-encoding': 'identity' })).status).toBe(13)
  })
})
