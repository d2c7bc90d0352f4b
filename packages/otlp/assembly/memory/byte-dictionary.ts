import { tableHash } from '../hash'
import { allocate, pieceBytes, release } from './allocator'
import { Buffer } from './buffer'
import { isSameRange } from './ranges'

const INITIAL_SLOTS: u32 = 64
const KEPT_SLOTS: u32 = 65_536
const GUESSES: u32 = 64

/** Where an entry lies, as an offset from the dictionary's start, and its hash. */
@unmanaged
class Entry {
  start: u32
  length: u32
  hash: u32
}

/**
 * Gives each distinct run of bytes the next number, counted from 0. The buffer itself holds the entries one after the
 * other, each behind its length: the keys of a LowCardinality as Native writes them.
 */
@unmanaged
export class ByteDictionary extends Buffer {
  /** Number of distinct entries. */
  size: u32
  /** Entries that are kept; one more is, and from then on every unknown run of bytes is taken for that one. 0: all. */
  most: u32
  /** Open addressing; a slot holds the number of the entry plus one. */
  private slotCount: u32
  private slots: usize
  /** An `Entry` each; has room for half as many as there are slots. */
  private records: usize

  clearAll(): void {
    if (this.size === 0) return
    this.clear()
    this.size = 0
    if (this.slotCount > KEPT_SLOTS) {
      this.giveBack()
      this.slotCount = 0
    } else memory.fill(this.slots, 0, <usize>this.slotCount * 4)
  }

  /** Where the bytes of an entry lie. Until something is added. */
  @inline
  startOf(index: u32): usize {
    return this.start + this.record(index).start
  }

  @inline
  lengthOf(index: u32): usize {
    return this.record(index).length
  }

  @inline
  matches(index: u32, from: usize, count: usize): bool {
    const record = this.record(index)
    return record.length === <u32>count && isSameRange(this.start + record.start, from, count)
  }

  /** The number of these bytes; they are added when they are new. What repeats is mostly found without hashing it. */
  @inline
  indexOf(from: usize, count: usize): u32 {
    const guess = load<u32>(this.guessSlot(from, count))
    if (guess < this.size && this.matches(guess, from, count)) return guess
    return this.lookUp(from, count)
  }

  private lookUp(from: usize, count: usize): u32 {
    if (this.slotCount === 0) this.begin()
    const hash = tableHash(from, count)
    const mask = this.slotCount - 1
    let slot = hash & mask
    while (true) {
      const entry = load<u32>(this.slots + slot * 4)
      if (entry === 0) break
      if (this.record(entry - 1).hash === hash && this.matches(entry - 1, from, count)) {
        store<u32>(this.guessSlot(from, count), entry - 1)
        return entry - 1
      }
      slot = (slot + 1) & mask
    }
    if (this.most !== 0 && this.size > this.most) return this.most
    const index = this.size++
    store<u32>(this.slots + slot * 4, index + 1)
    store<u32>(this.guessSlot(from, count), index)
    this.appendSized(from, count)
    const record = this.record(index)
    record.start = <u32>(this.length - count)
    record.length = <u32>count
    record.hash = hash
    if (this.size * 2 > this.slotCount) this.rehash()
    return index
  }

  private begin(): void {
    this.slotCount = INITIAL_SLOTS
    this.take()
  }

  private take(): void {
    this.slots = allocate(pieceBytes(<usize>this.slotCount * 4))
    memory.fill(this.slots, 0, <usize>this.slotCount * 4)
    this.records = allocate(pieceBytes(this.recordBytes))
  }

  private giveBack(): void {
    release(this.slots, pieceBytes(<usize>this.slotCount * 4))
    release(this.records, pieceBytes(this.recordBytes))
  }

  private get recordBytes(): usize {
    return ((<usize>this.slotCount >> 1) + 1) * offsetof<Entry>()
  }

  private rehash(): void {
    const oldSlots = this.slots
    const oldRecords = this.records
    const oldCount = this.slotCount
    const oldBytes = this.recordBytes
    this.slotCount = oldCount * 2
    this.take()
    memory.copy(this.records, oldRecords, <usize>this.size * offsetof<Entry>())
    release(oldSlots, pieceBytes(<usize>oldCount * 4))
    release(oldRecords, pieceBytes(oldBytes))
    const mask = this.slotCount - 1
    for (let index: u32 = 0; index < this.size; index++) {
      let slot = this.record(index).hash & mask
      while (load<u32>(this.slots + slot * 4) !== 0) slot = (slot + 1) & mask
      store<u32>(this.slots + slot * 4, index + 1)
    }
  }

  @inline
  private record(index: u32): Entry {
    return changetype<Entry>(this.records + <usize>index * offsetof<Entry>())
  }

  /**
   * Where the number is that was last found for a length and an edge: the short names that repeat mostly differ in length,
   * first byte or the last two. The guesses lie behind the fields; a wrong one is found out by comparing.
   */
  @inline
  private guessSlot(from: usize, count: usize): usize {
    const edge = count < 2 ? <u32>count : <u32>load<u8>(from) * 7 + <u32>load<u16>(from + count - 2) * 5
    const slot = (<u32>count * 31 + edge + (edge >> 8)) & (GUESSES - 1)
    return changetype<usize>(this) + offsetof<ByteDictionary>() + <usize>slot * 4
  }
}

/** Static memory that a dictionary takes. */
export const DICTIONARY_BYTES: usize = offsetof<ByteDictionary>() + <usize>GUESSES * 4
