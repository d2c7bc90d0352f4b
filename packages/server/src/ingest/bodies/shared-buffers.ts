import { droppedBuffer } from './garbage-collection.ts'

const smallestBytes = 16 * 1024
const largestBytes = 16 * 1024 * 1024
/** Of buffers that nobody uses, all sizes together. */
const maxIdleBytes = 64 * 1024 * 1024

/**
 * Memory that all threads see, for bodies on their way from a socket to the thread that reads them. Used again, since a
 * new buffer for each request has the garbage collector mark all of the heap every few dozen requests: that was a third
 * of what receiving cost.
 */
export class SharedBuffers {
  readonly #idle = new Map<number, SharedArrayBuffer[]>()
  #idleBytes = 0

  /** A buffer of at least `bytes`, with any content. */
  take(bytes: number): SharedArrayBuffer {
    const size = bufferBytes(bytes)
    const buffer = this.#idle.get(size)?.pop()
    if (!buffer) return new SharedArrayBuffer(size)
    this.#idleBytes -= size
    return buffer
  }

  /** To be called when no thread looks at it any more. */
  release(buffer: SharedArrayBuffer): void {
    const size = buffer.byteLength
    if (size > largestBytes || this.#idleBytes + size > maxIdleBytes) {
      droppedBuffer(size)
      return
    }
    const idle = this.#idle.get(size)
    if (idle) idle.push(buffer)
    else this.#idle.set(size, [buffer])
    this.#idleBytes += size
  }
}

/** A power of two, so that few sizes serve all; a rare large body is taken as it is. */
export function bufferBytes(bytes: number): number {
  if (bytes > largestBytes) return bytes
  return Math.max(smallestBytes, 2 ** Math.ceil(Math.log2(bytes)))
}
