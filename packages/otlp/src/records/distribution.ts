import type { Column8, Column64 } from '../native/fixed-width-columns.ts'
import type { GrowingWords } from '../native/growing-words.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'

const HAS_SUM = 1
const HAS_MIN = 2
const HAS_MAX = 4

/** Eight bytes as two words: a count, or the bits of a double. */
export class Pair {
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

  appendTo(column: Column64): void {
    column.append(this.low, this.high)
  }
}

/** What both kinds of histogram have in common: count, and the optional sum, min and max. */
export class Distribution {
  readonly count = new Pair()
  readonly #sum = new Pair()
  readonly #min = new Pair()
  readonly #max = new Pair()
  #has = 0

  clear(): void {
    this.count.clear()
    this.#sum.clear()
    this.#min.clear()
    this.#max.clear()
    this.#has = 0
  }

  readSum(reader: ProtobufReader): void {
    this.#sum.read(reader)
    this.#has |= HAS_SUM
  }

  readMin(reader: ProtobufReader): void {
    this.#min.read(reader)
    this.#has |= HAS_MIN
  }

  readMax(reader: ProtobufReader): void {
    this.#max.read(reader)
    this.#has |= HAS_MAX
  }

  write(columns: { count: Column64; has: Column8; sum: Column64; min: Column64; max: Column64 }): void {
    this.count.appendTo(columns.count)
    columns.has.append(this.#has)
    this.#sum.appendTo(columns.sum)
    this.#min.appendTo(columns.min)
    this.#max.appendTo(columns.max)
  }
}

/** Reads a packed list of fixed64 or double values. */
export function readPackedFixed64(reader: ProtobufReader, list: GrowingWords): void {
  const outer = reader.enter()
  const count = (reader.limit - reader.position) >>> 2
  // An odd number of words is cut off: the reader says so when it comes to read the last value.
  if ((reader.limit - reader.position) % 8 === 0) {
    const start = list.extend(count)
    reader.words(list.words, start, count)
  }
  while (reader.more) readFixed64(reader, list)
  reader.leave(outer)
}

/** Reads one value of a list of fixed64 or double values that is not packed. */
export function readFixed64(reader: ProtobufReader, list: GrowingWords): void {
  reader.fixed64()
  list.pushPair(reader.low, reader.high)
}
