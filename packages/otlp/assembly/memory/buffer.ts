import { allocate, pieceBytes, release, SLACK } from './allocator'
import { copyRange } from './ranges'

const MAX_VARINT_BYTES: usize = 5

/** Bytes that are appended to. Grows geometrically, and is used again for the next batch. Static memory, zero at first. */
@unmanaged
export class Buffer {
  start: usize
  /** Where the next byte goes. */
  position: usize
  /** Nothing may be appended beyond. */
  limit: usize

  @inline
  get length(): usize {
    return this.position - this.start
  }

  @inline
  clear(): void {
    this.position = this.start
  }

  /** Makes room for `extra` more bytes. */
  @inline
  reserve(extra: usize): void {
    if (extra > this.limit - this.position) this.grow(extra)
  }

  @inline
  push8(value: u32): void {
    this.reserve(1)
    const at = this.position
    store<u8>(at, value)
    this.position = at + 1
  }

  @inline
  push16(value: u32): void {
    this.reserve(2)
    const at = this.position
    store<u16>(at, value)
    this.position = at + 2
  }

  @inline
  push32(value: u32): void {
    this.reserve(4)
    const at = this.position
    store<u32>(at, value)
    this.position = at + 4
  }

  @inline
  push64(value: u64): void {
    this.reserve(8)
    const at = this.position
    store<u64>(at, value)
    this.position = at + 8
  }

  @inline
  append(from: usize, count: usize): void {
    this.reserve(count)
    const at = this.position
    copyRange(at, from, count)
    this.position = at + count
  }

  /** Appends an unsigned LEB128 number. */
  pushVarint(value: u32): void {
    this.reserve(MAX_VARINT_BYTES)
    this.position = storeVarint(this.position, value)
  }

  /** Appends bytes behind their length, as both Native and protobuf write a string. */
  @inline
  appendSized(from: usize, count: usize): void {
    this.reserve(count + MAX_VARINT_BYTES)
    let at = this.position
    if (count < 0x80) store<u8>(at++, count)
    else at = storeVarint(at, <u32>count)
    copyRange(at, from, count)
    this.position = at + count
  }

  private grow(extra: usize): void {
    const start = this.start
    const length = this.position - start
    const held = start === 0 ? 0 : this.limit - start
    const bytes = pieceBytes(max(length + extra, held * 2))
    const larger = allocate(bytes)
    if (start !== 0) {
      memory.copy(larger, start, length)
      release(start, held + SLACK)
    }
    this.start = larger
    this.position = larger + length
    this.limit = larger + bytes - SLACK
  }
}

/** Writes an unsigned LEB128 number; answers where it ends. */
export function storeVarint(target: usize, value: u32): usize {
  let at = target
  let rest = value
  while (rest > 0x7f) {
    store<u8>(at++, rest | 0x80)
    rest >>= 7
  }
  store<u8>(at++, rest)
  return at
}
