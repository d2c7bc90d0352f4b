import { BOOL_VALUE, DOUBLE_VALUE, INT_VALUE, STRING_VALUE } from '../any-value'
import { Value } from './value-scan'

const KEY: u32 = 10
const VALUE: u32 = 18
const STRING_FIELD: u32 = 10
const BOOL_FIELD: u32 = 16
const INT_FIELD: u32 = 24
const DOUBLE_FIELD: u32 = 33
const MAX_INT_BYTES: usize = 4

/** Where the key ends of the attribute that `readPlain` read; it starts three bytes behind the start of the field. */
export let plainKeyEnd: usize = 0

/**
 * Reads a KeyValue field into `value` if it is as exporters write nearly all of them: the key, then a value of one scalar,
 * and every length in one byte. Where all lengths fit into each other exactly, nothing more has to be checked. Answers
 * where it ends, or 0 if it is of another form.
 */
export function readPlain(at: usize, limit: usize, value: Value): usize {
  // Bytes that lie beyond the limit are read here, but then `end` lies beyond it too.
  const end = at + 1 + load<u8>(at)
  const keyEnd = at + 3 + load<u8>(at, 2)
  // The key comes first, both lengths are one byte, the key and at least the shortest value fit.
  if ((load<u32>(at) & 0x80ff80) !== KEY << 8 || end > limit || keyEnd + 4 > end) return 0
  if (<u32>load<u8>(keyEnd) !== VALUE || keyEnd + 2 + load<u8>(keyEnd, 1) !== end) return 0
  plainKeyEnd = keyEnd
  const start = keyEnd + 3
  switch (<u32>load<u8>(keyEnd, 2)) {
    case STRING_FIELD:
      if (start + 1 + load<u8>(start) !== end) return 0
      value.setRange(STRING_VALUE, start + 1, end)
      return end
    case INT_FIELD:
      return readInt(start, end, value) ? end : 0
    case DOUBLE_FIELD:
      if (end - start !== 8) return 0
      value.set(DOUBLE_VALUE, load<u64>(start))
      return end
    case BOOL_FIELD:
      if (end - start !== 1 || load<i8>(start) < 0) return 0
      value.set(BOOL_VALUE, load<u8>(start) === 0 ? 0 : 1)
      return end
    default:
      return 0
  }
}

function readInt(start: usize, end: usize, value: Value): bool {
  if (end - start > MAX_INT_BYTES) return false
  let number: u32 = 0
  for (let at = start, shift: u32 = 0; at < end; at++, shift += 7) {
    const byte = <u32>load<u8>(at)
    // The last byte, and only it, has no continuation bit.
    if (byte > 0x7f !== at + 1 < end) return false
    number |= (byte & 0x7f) << shift
  }
  value.set(INT_VALUE, number)
  return true
}
