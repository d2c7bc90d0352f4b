// Ranges of bytes. All of these may touch up to 16 bytes behind a range: every piece of memory has that slack.

/** A longer range is left to the engine's own copy, which is quicker but costs a call. */
const LONG: usize = 256

export function copyRange(to: usize, from: usize, count: usize): void {
  v128.store(to, v128.load(from))
  if (count > 16) copyRest(to, from, count)
}

function copyRest(to: usize, from: usize, count: usize): void {
  if (count > LONG) {
    memory.copy(to, from, count)
    return
  }
  for (let at: usize = 16; at < count; at += 16) v128.store(to + at, v128.load(from + at))
}

export function isSameRange(a: usize, b: usize, count: usize): bool {
  return count <= 16 ? isSameShort(a, b, count) : isSameLong(a, b, count)
}

function isSameShort(a: usize, b: usize, count: usize): bool {
  const equal = i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)))
  return ((equal | (-1 << (<i32>count))) & 0xffff) === 0xffff
}

function isSameLong(a: usize, b: usize, count: usize): bool {
  let rest = count
  let left = a
  let right = b
  while (rest > 16) {
    if (v128.any_true(v128.xor(v128.load(left), v128.load(right)))) return false
    left += 16
    right += 16
    rest -= 16
  }
  return isSameShort(left, right, rest)
}
