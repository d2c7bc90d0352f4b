// Memory in pieces of powers of two. A piece that is given back is used again for one of its size; the memory as a whole
// never gets smaller, so the host makes a new instance when it is far too large.
import { memoryFull } from '../host'

/** Bytes behind every piece that may be read and overwritten: ranges are copied and compared in whole vectors. */
export const SLACK: usize = 32
const SMALLEST: usize = 256
const PAGE_BITS: usize = 16

/** By the power of two: the first free piece, whose first word is the address of the next. */
const free: usize = memory.data(33 * 4)
let top: usize = (__heap_base + 15) & ~15

/** The bytes of a piece with room for so many, slack included. */
export function pieceBytes(atLeast: usize): usize {
  const bytes = atLeast + SLACK
  return bytes <= SMALLEST ? SMALLEST : (<usize>1) << (32 - clz<u32>(<u32>(bytes - 1)))
}

/** Takes a piece of `pieceBytes` bytes; what is in it is anything. Throws when the memory cannot grow any more. */
export function allocate(bytes: usize): usize {
  const list = free + ctz(bytes) * 4
  const piece = load<usize>(list)
  if (piece !== 0) {
    store<usize>(list, load<usize>(piece))
    return piece
  }
  const end = <u64>top + bytes
  const held = (<u64>memory.size()) << PAGE_BITS
  if (end > held) {
    const pages = <i32>((end - held + 0xffff) >> PAGE_BITS)
    if (memory.grow(pages) < 0) {
      memoryFull()
      unreachable()
    }
  }
  const address = top
  top = <usize>end
  return address
}

export function release(piece: usize, bytes: usize): void {
  const list = free + ctz(bytes) * 4
  store<usize>(piece, load<usize>(list))
  store<usize>(list, piece)
}
