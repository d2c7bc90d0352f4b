import { FixedColumn } from '../columns/columns'
import { take } from '../protobuf/reader'

// `value_type` of `metric_samples` and `metric_exemplars`
const NONE: u32 = 0
const DOUBLE: u32 = 1
const INT: u32 = 2

/** The value of a number point or an exemplar: a double, an int64, or none. */
@unmanaged
export class PointValue {
  bits: u64
  type: u32

  clear(): void {
    this.type = NONE
  }

  @inline
  readDouble(at: usize, limit: usize): usize {
    return this.read(DOUBLE, at, limit)
  }

  @inline
  readInt(at: usize, limit: usize): usize {
    return this.read(INT, at, limit)
  }

  @inline
  write(types: FixedColumn, doubles: FixedColumn, ints: FixedColumn): void {
    types.push8(this.type)
    doubles.push64(this.type === DOUBLE ? this.bits : 0)
    ints.push64(this.type === INT ? this.bits : 0)
  }

  @inline
  private read(type: u32, at: usize, limit: usize): usize {
    const next = take(at, limit, 8)
    this.type = type
    this.bits = load<u64>(at)
    return next
  }
}
