import { once } from 'node:events'
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import PQueue from 'p-queue'
import type { ArrivingBody } from './body-memory.ts'
import type { Compression } from './export-request.ts'
import { isZlib, zstdOptions } from './inflate.ts'
import { inflatesTooFar, inflationLimit } from './inflation-limit.ts'
import { grpcCode, IngestError } from './ingest-error.ts'

const pieceBytes = 64 * 1024
/** As many as there are threads for it; each holds a window of its own. */
const maxAtOnce = 4

const decompressors = {
  gzip: () => createGunzip({ chunkSize: pieceBytes }),
  deflate: (sent: Uint8Array) => (isZlib(sent) ? createInflate : createInflateRaw)({ chunkSize: pieceBytes }),
  zstd: () => createZstdDecompress({ chunkSize: pieceBytes, ...zstdOptions }),
}
type Inflatable = keyof typeof decompressors

/** Inflates bodies in codings that Node knows, on threads of their own, into memory that counts as it fills. */
export class InflatingBodies {
  readonly #queue = new PQueue({ concurrency: maxAtOnce })

  takes(compression: Compression): compression is Inflatable {
    return Object.hasOwn(decompressors, compression)
  }

  /** @throws IngestError when `sent` is not what it should be, or has no room in `into` */
  async inflate(compression: Inflatable, sent: Uint8Array, into: ArrivingBody): Promise<void> {
    await this.#queue.add(() => inflate(compression, sent, into))
  }
}

async function inflate(compression: Inflatable, sent: Uint8Array, into: ArrivingBody): Promise<void> {
  const limit = inflationLimit(sent.length, into.maxBytes)
  const stream = decompressors[compression](sent)
  let bytes = 0
  stream.on('data', (piece: Buffer) => {
    bytes += piece.length
    try {
      if (bytes > limit) throw inflatesTooFar(sent.length, into.maxBytes)
      into.append(piece)
    } catch (error) {
      stream.destroy(error as Error)
    }
  })
  stream.end(sent)
  try {
    await once(stream, 'end')
  } catch (error) {
    if (error instanceof IngestError) throw error
    const why = error instanceof Error ? error.message : error
    throw new IngestError(400, grpcCode.internal, `The message is not valid ${compression}: ${why}`)
  }
}
