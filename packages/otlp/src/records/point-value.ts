import type { Column8, Column64 } from '../native/fixed-width-columns.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'

// `value_type` of `metric_samples` and `metric_exemplars`
const NONE = 0
const DOUBLE = 1
const INT = 2

/** The value of a number point or an exemplar: a double, an int64, or none. */
export class PointValue {
  type = NONE
  low = 0
  high = 0

  clear(): void {
    this.type = NONE
    this.low = 0
    this.high = 0
  }

  readDouble(reader: ProtobufReader): void {
    this.#read(reader, DOUBLE)
  }

  readInt(reader: ProtobufReader): void {
    this.#read(reader, INT)
  }

  write(columns: { value_type: Column8; value_double: Column64; value_int: Column64 }): void {
    columns.value_type.append(this.type)
    if (this.type === DOUBLE) columns.value_double.append(this.low, this.high)
    else columns.value_double.append(0, 0)
    if (this.type === INT) columns.value_int.append(this.low, this.high)
    else columns.value_int.append(0, 0)
  }

  #read(reader: ProtobufReader, type: number): void {
    reader.fixed64()
    this.type = type
    this.low = reader.low
    this.high = reader.high
  }
}
