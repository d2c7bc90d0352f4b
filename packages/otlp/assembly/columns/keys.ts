import { Hash64 } from '../hash'
import { roleOf } from '../host'
import { Buffer } from '../memory/buffer'
import { ByteDictionary, DICTIONARY_BYTES } from '../memory/byte-dictionary'

/** Tables with attributes. */
const MAPPED_TABLES: usize = 5
const MAPS_PER_TABLE: usize = 5

/** What is known of a key in this batch. Behind it, for every map of every table, its number in that map plus one. */
@unmanaged
export class Key {
  hash: u64
  /** A number for a key that is treated in a special way, else 0. */
  role: u32
  /** The key, plus one, that came after this one the last time: most records list the same keys in the same order. */
  follower: u32
  /** The last set of attributes that it was in, and its place there. */
  set: u32
  place: u32
}

const KEY_BYTES: usize = offsetof<Key>() + MAPPED_TABLES * MAPS_PER_TABLE * 4

const entries = changetype<ByteDictionary>(memory.data(DICTIONARY_BYTES))
const known = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))
/** The key, plus one, that the last record began with. */
let first: u32 = 0

/** `most`: keys that are told apart until the next `clearKeys`; all others count as one, whose role says so. 0: all. */
export function clearKeys(most: u32): void {
  entries.clearAll()
  entries.most = most
  known.clear()
  first = 0
}

export function keyAt(index: u32): Key {
  return changetype<Key>(known.start + <usize>index * KEY_BYTES)
}

/** Where the number of the key in a map is kept. `map` counts the maps of all tables. */
export function numberInMap(index: u32, map: usize): usize {
  return known.start + <usize>index * KEY_BYTES + offsetof<Key>() + map * 4
}

/** The number of the key in these bytes, given the number plus one of the key before it in the same record, 0 for none. */
export function keyIndex(from: usize, count: usize, previous: u32): u32 {
  const guess = previous === 0 ? first : keyAt(previous - 1).follower
  if (guess !== 0 && entries.matches(guess - 1, from, count)) return guess - 1
  return lookUp(from, count, previous)
}

function lookUp(from: usize, count: usize, previous: u32): u32 {
  const before = entries.size
  const index = entries.indexOf(from, count)
  if (index === before) learn(from, count)
  if (previous === 0) first = index + 1
  else keyAt(previous - 1).follower = index + 1
  return index
}

function learn(from: usize, count: usize): void {
  known.reserve(KEY_BYTES)
  const key = changetype<Key>(known.position)
  memory.fill(known.position, 0, KEY_BYTES)
  known.position += KEY_BYTES
  key.hash = hash
    .begin(1)
    .bytes(from, from + count)
    .finish()
  key.role = roleOf(from, from + count, <u32>key.hash, <u32>(key.hash >> 32), areKeysOverfull())
}

/** Whether there were more keys than are told apart. */
export function areKeysOverfull(): bool {
  return entries.most !== 0 && entries.size > entries.most
}

/** Works out the roles of all keys that have this one again. */
export function reconsiderKeys(role: u32): void {
  for (let index: u32 = 0; index < entries.size; index++) {
    const key = keyAt(index)
    if (key.role !== role) continue
    const start = entries.startOf(index)
    const end = start + entries.lengthOf(index)
    key.role = roleOf(start, end, <u32>key.hash, <u32>(key.hash >> 32), areKeysOverfull())
  }
}

/** Where the text of a key lies. */
export function keyStart(index: u32): usize {
  return entries.startOf(index)
}

export function keyEnd(index: u32): usize {
  return entries.startOf(index) + entries.lengthOf(index)
}

/** Bytes of a key behind its length, as Native writes it. */
export function keyEntryBytes(index: u32): usize {
  const count = entries.lengthOf(index)
  return count + (entries.startOf(index) - entryStart(index))
}

/** Appends a key behind its length. */
export function appendKeyEntry(output: Buffer, index: u32): void {
  output.appendSized(entries.startOf(index), entries.lengthOf(index))
}

function entryStart(index: u32): usize {
  return index === 0 ? entries.start : entries.startOf(index - 1) + entries.lengthOf(index - 1)
}
