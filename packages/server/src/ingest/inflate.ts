import { constants, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Compression } from './delivery.ts'
import { inflatesTooFar, inflationLimit } from './inflation-limit.ts'
import { undecodable } from './status.ts'

/** What a frame asks for as window is taken from memory before anything is inflated: 32 MiB, four times what RFC 9659 lets a sender ask for. */
export const zstdOptions = { params: { [constants.ZSTD_d_windowLogMax]: 25 } }

const decompressors = {
  gzip: gunzipSync,
  deflate: inflateSync,
  zstd: (sent: Uint8Array, options: { maxOutputLength: number }) =>
    zstdDecompressSync(sent, { ...options, ...zstdOptions }),
}

/**
 * What a body says without its coding. The limit is decided while inflating, never after.
 * @throws IngestError 400 or 413
 */
export function inflateBody(compression: Compression, sent: Uint8Array, maxBodyBytes: number): Uint8Array {
  if (compression === 'identity') return sent
  try {
    return decompressors[compression](sent, { maxOutputLength: inflationLimit(sent.length, maxBodyBytes) })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw inflatesTooFar(sent.length, maxBodyBytes)
    }
    throw undecodable(`The body is not valid ${compression}: ${error instanceof Error ? error.message : error}`)
  }
}
