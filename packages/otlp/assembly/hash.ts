// The hash of `src/hash.ts`, bit for bit; its values are stored. Two lanes of 32 bits, after MurmurHash3.

const SEED_A: u32 = 0x9747b28c
const SEED_B: u32 = 0x3c6ef372

function laneA(state: u32, word: u32): u32 {
  return rotl<u32>(state ^ (rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593), 13) * 5 + 0xe6546b64
}

function laneB(state: u32, word: u32): u32 {
  return rotl<u32>(state ^ (rotl<u32>(word * 0x239b961b, 16) * 0xab0e9789), 17) * 5 + 0x0bcaa747
}

function avalanche(word: u32): u32 {
  let h = word
  h = (h ^ (h >> 16)) * 0x85ebca6b
  h = (h ^ (h >> 13)) * 0xc2b2ae35
  return h ^ (h >> 16)
}

function finished(low: u32, high: u32, length: u32): u64 {
  const first = avalanche(low ^ length)
  const second = avalanche(high ^ (first * 0x27d4eb2f))
  return <u64>avalanche(first ^ (second * 0x165667b1)) | ((<u64>second) << 32)
}

/** The last bytes of a range that are not a whole word. */
function tailOf(at: usize, end: usize): u32 {
  // Never more than three: what is beyond the range is masked away.
  const bits = <u32>(end - at) * 8
  return load<u32>(at) & ((1 << bits) - 1)
}

/** The hash of one value after the other. */
@unmanaged
export class Hash64 {
  low: u32
  high: u32
  length: u32

  begin(seed: u32): this {
    this.low = seed ^ SEED_A
    this.high = ((seed + 1) * 0x85ebca6b) ^ SEED_B
    this.length = 0
    return this
  }

  @inline
  word(word: u32): this {
    this.low = laneA(this.low, word)
    this.high = laneB(this.high, word)
    this.length += 4
    return this
  }

  @inline
  pair(value: u64): this {
    return this.word(<u32>value).word(<u32>(value >> 32))
  }

  /** Takes the words of a range, without its length. */
  words(start: usize, end: usize): this {
    for (let at = start; at < end; at += 4) this.word(load<u32>(at))
    return this
  }

  /** Takes a range of bytes, and its length, so that neighbours cannot run into each other. */
  bytes(start: usize, end: usize): this {
    let low = this.low
    let high = this.high
    let at = start
    for (; at + 4 <= end; at += 4) {
      low = laneA(low, load<u32>(at))
      high = laneB(high, load<u32>(at))
    }
    const tail = tailOf(at, end)
    const count = <u32>(end - start)
    this.low = laneA(laneA(low, tail), count)
    this.high = laneB(laneB(high, tail), count)
    this.length += count + 8
    return this
  }

  finish(): u64 {
    return finished(this.low, this.high, this.length)
  }
}

/** `begin(type).pair(key).bytes(start, end).finish()`, which is what every string attribute of a series takes. */
export function stringAttributeHash(type: u32, key: u64, start: usize, end: usize): u64 {
  let low = laneA(laneA(type ^ SEED_A, <u32>key), <u32>(key >> 32))
  let high = laneB(laneB(((type + 1) * 0x85ebca6b) ^ SEED_B, <u32>key), <u32>(key >> 32))
  let at = start
  for (; at + 4 <= end; at += 4) {
    low = laneA(low, load<u32>(at))
    high = laneB(high, load<u32>(at))
  }
  const tail = tailOf(at, end)
  const count = <u32>(end - start)
  return finished(laneA(laneA(low, tail), count), laneB(laneB(high, tail), count), count + 16)
}

let tableSeed: u64 = 0

/** A table that strangers fill must not have a hash that they can foresee. */
export function seedTables(seed: u64): void {
  tableSeed = seed
}

/** A quick hash for tables in memory; differs from process to process. */
export function tableHash(start: usize, count: usize): u32 {
  let state = tableSeed ^ (<u64>count * 0x9e3779b97f4a7c15)
  let at = start
  let rest = count
  for (; rest >= 8; rest -= 8, at += 8) state = mixed(state ^ load<u64>(at))
  const bits = <u64>(rest * 8)
  state = mixed(state ^ (load<u64>(at) & (((<u64>1) << bits) - 1)))
  return <u32>(state ^ (state >> 32))
}

function mixed(state: u64): u64 {
  const product = state * 0xd6e8feb86659fd93
  return (product ^ (product >> 32)) * 0x9fb21c651e98df25
}
