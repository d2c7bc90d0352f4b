import { constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Compression } from './export-request.ts'
import { inflatesTooFar, inflationLimit } from './inflation-limit.ts'
import { IngestError, undecodable } from './ingest-error.ts'
import { lz4Decompress } from './lz4.ts'
import { snappyDecompress } from './snappy.ts'

/** What a frame asks for as window is taken from memory before anything is inflated: 32 MiB, four times what RFC 9659 lets a sender ask for. */
export const zstdOptions = { params: { [constants.ZSTD_d_windowLogMax]: 25 } }

const decompressors: Record<
  Exclude<Compression, 'identity'>,
  (sent: Uint8Array, limitBytes: number) => Uint8Array | undefined
> = {
  gzip: (sent, maxOutputLength) => gunzipSync(sent, { maxOutputLength }),
  deflate: (sent, maxOutputLength) => (isZlib(sent) ? inflateSync : inflateRawSync)(sent, { maxOutputLength }),
  zstd: (sent, maxOutputLength) => zstdDecompressSync(sent, { maxOutputLength, ...zstdOptions }),
  snappy: snappyDecompress,
  lz4: lz4Decompress,
}

/** `deflate` is the format of zlib (RFC 9110), and some send what is in it without its head. */
export function isZlib(sent: Uint8Array): boolean {
  return (sent[0]! & 15) === 8 && (sent[0]! * 256 + sent[1]!) % 31 === 0
}

/**
 * What a body says without its coding. The limit is decided while inflating, never after.
 * @throws IngestError 400 or 413
 */
export function inflateBody(compression: Compression, sent: Uint8Array, maxBodyBytes: number): Uint8Array {
  if (compression === 'identity') return sent
  try {
    const content = decompressors[compression](sent, inflationLimit(sent.length, maxBodyBytes))
    if (content === undefined) throw inflatesTooFar(sent.length, maxBodyBytes)
    return content
  } catch (error) {
    if (error instanceof IngestError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw inflatesTooFar(sent.length, maxBodyBytes)
    }
    throw undecodable(`The body is not valid ${compression}: ${error instanceof Error ? error.message : error}`)
  }
}
