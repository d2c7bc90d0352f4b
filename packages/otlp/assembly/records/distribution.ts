// What both kinds of histogram have in common: count, and the optional sum, min and max; and lists of numbers.
import { FixedColumn } from '../columns/columns'
import { Buffer } from '../memory/buffer'
import { clearFields, Long } from '../protobuf/fields'
import { enter, messageEnd, take } from '../protobuf/reader'

const HAS_SUM: u32 = 1
const HAS_MIN: u32 = 2
const HAS_MAX: u32 = 4

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 16)
const count = changetype<Long>(fields)
const sum = changetype<Long>(fields + 8)
const min = changetype<Long>(fields + 16)
const max = changetype<Long>(fields + 24)
let has: u32 = 0

export function clearDistribution(): void {
  clearFields(fields, FIELD_BYTES)
  has = 0
}

export function readCount(at: usize, limit: usize): usize {
  return count.readFixed(at, limit)
}

export function readSum(at: usize, limit: usize): usize {
  has |= HAS_SUM
  return sum.readFixed(at, limit)
}

export function readMin(at: usize, limit: usize): usize {
  has |= HAS_MIN
  return min.readFixed(at, limit)
}

export function readMax(at: usize, limit: usize): usize {
  has |= HAS_MAX
  return max.readFixed(at, limit)
}

export function writeDistribution(
  counts: FixedColumn,
  flags: FixedColumn,
  sums: FixedColumn,
  mins: FixedColumn,
  maxs: FixedColumn,
): void {
  counts.push64(count.value)
  flags.push8(has)
  sums.push64(sum.value)
  mins.push64(min.value)
  maxs.push64(max.value)
}

/** Reads a packed list of fixed64 or double values. */
export function readPackedFixed64(list: Buffer, outer: usize, outerLimit: usize): usize {
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  const bytes = limit - at
  if ((bytes & 7) === 0) list.append(at, bytes)
  // What is not whole values is cut off: said where the last one is read.
  else while (at < limit) at = readFixed64(list, at, limit)
  return limit
}

/** Reads one value of a list of fixed64 or double values that is not packed. */
export function readFixed64(list: Buffer, at: usize, limit: usize): usize {
  const next = take(at, limit, 8)
  list.push64(load<u64>(at))
  return next
}
