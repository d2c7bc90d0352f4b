import { snappyUncompressor } from 'hysnappy'
import { undecodable } from './ingest-error.ts'

/** https://github.com/google/snappy/blob/main/framing_format.txt: what a framed stream begins with. */
const streamHead = Buffer.from([0xff, 6, 0, 0, ...Buffer.from('sNaPpY')])
const compressedChunk = 0
const plainChunk = 1
const checksumBytes = 4
const maxOfChunk = 64 * 1024
/** Memory of the module is kept up to a body of so many bytes: it never shrinks. */
const maxKept = 1024 * 1024

let uncompressor: ReturnType<typeof snappyUncompressor> | undefined

/**
 * Decompresses snappy in either of its forms: `Content-Encoding: snappy` has been both, `x-snappy-framed` and gRPC's
 * `snappy` are framed. Checksums of chunks are passed over: what comes over TCP is checked already.
 * @returns undefined when there are more than `limitBytes`
 * @throws IngestError 400
 */
export function snappyDecompress(sent: Uint8Array, limitBytes: number): Uint8Array | undefined {
  const input = Buffer.from(sent.buffer, sent.byteOffset, sent.length)
  if (input.length === 0) return input
  if (!input.subarray(0, streamHead.length).equals(streamHead)) return uncompressBlock(input, limitBytes)
  const pieces: Uint8Array[] = []
  let total = 0
  for (let at = 0; at < input.length; ) {
    if (at + 4 > input.length) throw broken('it is cut off')
    const type = input[at]!
    const start = at + 4
    const end = start + input.readUIntLE(at + 1, 3)
    if (end > input.length) throw broken('it is cut off')
    at = end
    if (type !== compressedChunk && type !== plainChunk) {
      // The head again, padding, and what later versions may leave out.
      if (type >= 0x80) continue
      throw broken(`it has a chunk of type ${type}`)
    }
    if (end < start + checksumBytes) throw broken('it is cut off')
    const content = input.subarray(start + checksumBytes, end)
    const piece = type === plainChunk ? content : uncompressBlock(content, maxOfChunk)
    if (piece === undefined || piece.length > maxOfChunk) throw broken('it has a chunk that is too large')
    total += piece.length
    if (total > limitBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces, total)
}

/** A block says first how long it is: nothing is taken for what would be too long. */
function uncompressBlock(input: Buffer, limitBytes: number): Uint8Array | undefined {
  let length = 0
  for (let at = 0, scale = 1; ; at++, scale *= 128) {
    const byte = input[at]
    if (byte === undefined || at > 4) throw broken('it does not say how long it is')
    length += (byte & 0x7f) * scale
    if (byte < 0x80) break
  }
  if (length > limitBytes) return undefined
  try {
    uncompressor ??= snappyUncompressor()
    const content = uncompressor(input, length)
    if (input.length + length > maxKept) uncompressor = undefined
    return content
  } catch (error) {
    uncompressor = undefined
    throw broken(error instanceof Error ? error.message : String(error))
  }
}

const broken = (why: string) => undecodable(`The body is not valid snappy: ${why}`)
