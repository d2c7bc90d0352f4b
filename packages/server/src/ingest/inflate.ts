import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Compression } from './delivery.ts'
import { tooLarge, undecodable } from './status.ts'

const decompressors = { gzip: gunzipSync, deflate: inflateSync, zstd: zstdDecompressSync }

/**
 * What a body says without its coding. The limit is decided while inflating, never after.
 * @throws IngestError 400 or 413
 */
export function inflateBody(compression: Compression, sent: Uint8Array, limitBytes: number): Uint8Array {
  if (compression === 'identity') return sent
  try {
    return decompressors[compression](sent, { maxOutputLength: limitBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes)
    throw undecodable(`The body is not valid ${compression}: ${error instanceof Error ? error.message : error}`)
  }
}
