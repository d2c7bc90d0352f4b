import type { ProtobufReader } from '../protobuf/reader.ts'

/** A fixed64 time in nanoseconds since 1970, as two words. */
export class Time {
  low = 0
  high = 0

  clear(): void {
    this.low = 0
    this.high = 0
  }

  read(reader: ProtobufReader): void {
    reader.fixed64()
    this.low = reader.low
    this.high = reader.high
  }

  get isZero(): boolean {
    return (this.low | this.high) === 0
  }

  /** Whether it is after 2262-04-11, the end of signed 64-bit nanoseconds and so of DateTime64(9). */
  get isBeyondRange(): boolean {
    return this.high < 0
  }

  /** Makes a time beyond the range the last one in it. For times that do not decide about their record. */
  clamp(): void {
    if (!this.isBeyondRange) return
    this.low = -1
    this.high = 0x7fffffff
  }
}
