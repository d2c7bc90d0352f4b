import { DecodeError, TooLargeError } from '../decode-error.ts'
import { DecoderInstance, type EncodedBlock } from './instance.ts'
import { isFarBeyond, recentPeak } from './recent-use.ts'

/**
 * The decoder of this thread. Its memory is used again for every batch; it is replaced when it has become far too large,
 * and when a fault has left it in a state that nobody knows.
 */
export class Decoder {
  #instance: DecoderInstance | undefined
  #recent = 0
  #largestBody = 0

  /** Starts a batch; all before is forgotten. */
  begin(): DecoderInstance {
    if (this.#instance && isFarBeyond(this.#instance.heldBytes, this.#recent)) this.#instance = undefined
    this.#instance ??= new DecoderInstance()
    this.#largestBody = 0
    return this.#instance
  }

  /** Does something with the instance of the batch. */
  run<Result>(action: (instance: DecoderInstance) => Result): Result {
    const instance = this.#instance
    if (!instance) throw new Error('there is no batch: it failed, or was never begun')
    try {
      return action(instance)
    } catch (error) {
      // A body that cannot be read is no fault: what it left behind is cleared by the next batch. One that is too large
      // may have ended in the middle of taking memory.
      if (!(error instanceof DecodeError) || error instanceof TooLargeError) this.#instance = undefined
      throw error
    }
  }

  noteBody(bytes: number): void {
    this.#largestBody = Math.max(this.#largestBody, bytes)
  }

  noteBlocks(blocks: readonly EncodedBlock[]): void {
    // Every value is held twice: in its column, and in the block.
    const used = blocks.reduce((sum, { bytes }) => sum + bytes.length * 2, this.#largestBody)
    this.#recent = recentPeak(this.#recent, used)
  }
}
