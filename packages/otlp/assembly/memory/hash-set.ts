import { allocate, pieceBytes, release } from './allocator'

const INITIAL_SLOTS: u32 = 256
const KEPT_SLOTS: u32 = 21_845

@unmanaged
class Slot {
  low: u32
  high: u32
  owner: u32
}

const SLOT_BYTES: usize = offsetof<Slot>()

/** A set of (64-bit hash, owner). `owner` must not be 0. Static memory, zero at first. */
@unmanaged
export class HashSet64 {
  size: u32
  private slotCount: u32
  private slots: usize

  clearAll(): void {
    if (this.size === 0) return
    this.size = 0
    if (this.slotCount > KEPT_SLOTS) {
      release(this.slots, pieceBytes(this.slotCount * SLOT_BYTES))
      this.slotCount = 0
    } else memory.fill(this.slots, 0, this.slotCount * SLOT_BYTES)
  }

  has(low: u32, high: u32, owner: u32): bool {
    return this.slotCount > 0 && this.find(low, high, owner).owner !== 0
  }

  /** Answers whether the entry is new. */
  add(low: u32, high: u32, owner: u32): bool {
    if (this.slotCount === 0) this.take(INITIAL_SLOTS)
    const slot = this.find(low, high, owner)
    if (slot.owner !== 0) return false
    slot.low = low
    slot.high = high
    slot.owner = owner
    this.size++
    if (this.size * 2 > this.slotCount) this.rehash()
    return true
  }

  /** Where the entry is, or where it would go. */
  private find(low: u32, high: u32, owner: u32): Slot {
    const mask = this.slotCount - 1
    let index = (low ^ high ^ (owner * 0x9e3779b1)) & mask
    while (true) {
      const slot = changetype<Slot>(this.slots + index * SLOT_BYTES)
      if (slot.owner === 0 || (slot.low === low && slot.high === high && slot.owner === owner)) return slot
      index = (index + 1) & mask
    }
  }

  private take(slotCount: u32): void {
    const bytes = slotCount * SLOT_BYTES
    this.slotCount = slotCount
    this.slots = allocate(pieceBytes(bytes))
    memory.fill(this.slots, 0, bytes)
  }

  private rehash(): void {
    const old = this.slots
    const count = this.slotCount
    this.take(count * 2)
    for (let at = old, end = old + count * SLOT_BYTES; at < end; at += SLOT_BYTES) {
      const slot = changetype<Slot>(at)
      if (slot.owner === 0) continue
      memory.copy(changetype<usize>(this.find(slot.low, slot.high, slot.owner)), at, SLOT_BYTES)
    }
    release(old, pieceBytes(count * SLOT_BYTES))
  }
}
