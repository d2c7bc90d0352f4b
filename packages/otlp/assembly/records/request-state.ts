// What the writers of one batch share; used again for the next.
import { Hash64 } from '../hash'
import { isAnnounced, tooLarge, tooManyValues } from '../host'
import { Buffer } from '../memory/buffer'
import { HashSet64 } from '../memory/hash-set'

// The table part of an owner in `AnnouncedRows`; with the day in the bits above it.
export const RESOURCES: u32 = 1
export const SCOPES: u32 = 2
export const SERIES: u32 = 3

const SPACE_SEED: u32 = 5
const SECONDS_PER_DAY: u32 = 86_400
const NANOS_PER_SECOND: u64 = 1_000_000_000
/**
 * Items that a request may have, kept or not, and elements of their rows. The smallest log record takes two bytes of a body
 * and more than a hundred of memory: without a bound, 64 MB of them would be gigabytes. As many resources, scopes and
 * metrics may be around them: an empty one takes two bytes too, and as long as fifty bytes of text.
 */
const MOST_PARTS: u32 = 1_000_000
/** Values within arrays and maps: one of six bytes becomes thirty of text. */
const MOST_VALUES: u32 = 2_000_000
const BUFFER_BYTES: usize = offsetof<Buffer>()

/** Name of the space that the request is of; a batch may have requests of several. */
export const space = changetype<Buffer>(memory.data(BUFFER_BYTES))
/** Hash, hash and owner in turn of each row that this batch announces. */
export const announces = changetype<Buffer>(memory.data(BUFFER_BYTES))
const inBatch = changetype<HashSet64>(memory.data(offsetof<HashSet64>()))
const refused = changetype<HashSet64>(memory.data(offsetof<HashSet64>()))
const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))

/** What the fingerprints of the space's series begin with. */
export let seriesSpaceHash: u64 = 0
let spaceHash: u64 = 0
let parts: u32 = 0
let containers: u32 = 0
let values: u32 = 0

/** When the request was received: in nanoseconds, and in seconds, since 1970. */
export let receivedNanos: u64 = 0
export let received: u32 = 0
/** Items that are in the blocks. */
export let accepted: u32 = 0
/** Whether there was a record without any time. */
export let untimed = false

/** To be called when the name of the space has changed. */
export function hashSpace(): void {
  seriesSpaceHash = hash.begin(SERIES).bytes(space.start, space.position).finish()
  spaceHash = hash.begin(SPACE_SEED).bytes(space.start, space.position).finish()
}

export function beginBatchState(): void {
  announces.clear()
  inBatch.clearAll()
  refused.clearAll()
}

export function beginRequestState(nanos: u64): void {
  receivedNanos = nanos
  received = <u32>(nanos / NANOS_PER_SECOND)
  accepted = 0
  parts = 0
  containers = 0
  values = 0
  untimed = false
}

/** Counts an item before it is read. Throws TooLargeError when it is one too many for a request. */
export function countItem(): void {
  if (++parts > MOST_PARTS) tooLarge(MOST_PARTS)
}

/** Counts a resource, scope or metric before it is read. Throws TooLargeError when it is one too many for a request. */
export function countContainer(): void {
  if (++containers > MOST_PARTS) tooLarge(MOST_PARTS)
}

/**
 * Counts an item that is kept. `extra`: parts of it that take rows or elements of their own: events, links, exemplars,
 * some buckets. Throws TooLargeError when they are too many for a request.
 */
export function accept(extra: u32): void {
  accepted++
  parts += extra
  if (parts > MOST_PARTS) tooLarge(MOST_PARTS)
}

/** Counts a value within an array or map. Throws TooLargeError when it is one too many for a request. */
export function countValue(): void {
  if (++values > MOST_VALUES) tooManyValues(MOST_VALUES)
}

/** Notes where a part of an item begins. Throws TooLargeError when the item has more of them than a request may. */
export function notePart(positions: Buffer, at: usize): void {
  positions.push32(<u32>at)
  checkParts(positions, 4)
}

/** Throws TooLargeError when there are more elements, of so many bytes each, than parts of a request. */
export function checkParts(elements: Buffer, bytesEach: usize): void {
  if (elements.length > <usize>MOST_PARTS * bytesEach) tooLarge(MOST_PARTS)
}

export function foundUntimed(): void {
  untimed = true
}

/** Whether this row still has to be stored today; if so, it is from now on taken as stored by this batch. */
export function announce(table: u32, row: u64): bool {
  const owner = ((received / SECONDS_PER_DAY) << 2) | table
  const low = <u32>row + <u32>spaceHash
  const high = <u32>(row >> 32) + <u32>(spaceHash >> 32)
  // Most are stored since long: asked first, the set of the batch stays small.
  if (isAnnounced(low, high, owner)) return false
  if (!inBatch.add(low, high, owner)) return false
  announces.push32(low)
  announces.push32(high)
  announces.push32(owner)
  return true
}

/** Takes the last `announce` back: its row is not stored, in this batch. */
export function refuseLast(row: u64): void {
  announces.position -= 12
  refused.add(<u32>row, <u32>(row >> 32), 1)
}

export function isRefused(row: u64): bool {
  return refused.size > 0 && refused.has(<u32>row, <u32>(row >> 32), 1)
}
