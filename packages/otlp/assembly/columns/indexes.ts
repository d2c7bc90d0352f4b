// The indexes of a LowCardinality: kept in 32 bits, written in as few as its keys need.
import { Buffer } from '../memory/buffer'

/** Bytes of an index: 1, 2 or 4. Half of it is also its type number in the flags (UInt8 0, UInt16 1, UInt32 2). */
export function indexWidth(keyCount: u32): u32 {
  if (keyCount <= 0x100) return 1
  return keyCount <= 0x10000 ? 2 : 4
}

/** Writes how many indexes there are, and the indexes. */
export function writeIndexes(output: Buffer, indexes: Buffer, keyCount: u32): void {
  const width = indexWidth(keyCount)
  const count = indexes.length >> 2
  output.push64(count)
  if (width === 4) {
    output.append(indexes.start, indexes.length)
    return
  }
  output.reserve(count * width)
  const to = output.position
  if (width === 2) narrowTo16(to, indexes.start, count)
  else narrowTo8(to, indexes.start, count)
  output.position = to + count * width
}

// Both write whole vectors: what is beyond the last index falls into the slack behind the buffer.

function narrowTo8(target: usize, source: usize, count: usize): void {
  let to = target
  let from = source
  for (let rest = <isize>count; rest > 0; rest -= 16, to += 16, from += 64) {
    const first = i16x8.narrow_i32x4_u(v128.load(from), v128.load(from, 16))
    const second = i16x8.narrow_i32x4_u(v128.load(from, 32), v128.load(from, 48))
    v128.store(to, i8x16.narrow_i16x8_u(first, second))
  }
}

function narrowTo16(target: usize, source: usize, count: usize): void {
  let to = target
  let from = source
  for (let rest = <isize>count; rest > 0; rest -= 8, to += 16, from += 32) {
    v128.store(to, i16x8.narrow_i32x4_u(v128.load(from), v128.load(from, 16)))
  }
}
