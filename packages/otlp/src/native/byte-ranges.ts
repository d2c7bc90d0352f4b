/** Above this length `set` is quicker, though it makes a view object first. */
const MAX_LOOP_BYTES = 128

let lastSource: Uint8Array = new Uint8Array(0)
let lastView = new DataView(lastSource.buffer)

/** A view of the whole of `source`. The last one is kept, since most ranges in a row are of the same body. */
export function viewOf(source: Uint8Array): DataView {
  if (source === lastSource) return lastView
  lastSource = source
  lastView = new DataView(source.buffer, source.byteOffset, source.byteLength)
  return lastView
}

/** Copies the range to `target`, which must have room for it, at `at`. */
export function copyRange(target: DataView, at: number, source: Uint8Array, start: number, end: number): void {
  const count = end - start
  if (count > MAX_LOOP_BYTES) {
    new Uint8Array(target.buffer, target.byteOffset).set(source.subarray(start, end), at)
    return
  }
  const view = viewOf(source)
  if (count >= 8) {
    // Compiled, a BigInt that only goes from view to view is one 64-bit move. The last move overlaps the one before.
    const last = count - 8
    for (let i = 0; i < last; i += 8) target.setBigUint64(at + i, view.getBigUint64(start + i, true), true)
    target.setBigUint64(at + last, view.getBigUint64(end - 8, true), true)
  } else if (count >= 4) {
    target.setInt32(at, view.getInt32(start, true), true)
    target.setInt32(at + count - 4, view.getInt32(end - 4, true), true)
  } else {
    for (let i = 0; i < count; i++) target.setUint8(at + i, view.getUint8(start + i))
  }
}

/** Whether as many bytes at `at` in `other` are those of the range. */
export function isSameRange(other: DataView, at: number, source: Uint8Array, start: number, end: number): boolean {
  const view = viewOf(source)
  const count = end - start
  if (count < 4) {
    for (let i = 0; i < count; i++) if (other.getUint8(at + i) !== view.getUint8(start + i)) return false
    return true
  }
  const last = count - 4
  for (let i = 0; i < last; i += 4) {
    if (other.getInt32(at + i, true) !== view.getInt32(start + i, true)) return false
  }
  return other.getInt32(at + last, true) === view.getInt32(end - 4, true)
}
