import { Hash64 } from '../hash.ts'
import { GrowingWords } from '../native/growing-words.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { decodeText } from '../text.ts'
import { AttributesText } from './attributes-text.ts'
import { SERIES } from './request-state.ts'
import { within } from './value-scan.ts'

// `metric_series.type`
export const NO_DATA = 0
export const GAUGE = 1
export const SUM = 2
export const HISTOGRAM = 3
export const EXPONENTIAL_HISTOGRAM = 4
export const SUMMARY = 5

const DELTA = 1
const CUMULATIVE = 2

/** One metric without its points: what all its series have in common. */
export class MetricScan {
  nameStart = 0
  nameEnd = 0
  descriptionStart = 0
  descriptionEnd = 0
  unitStart = 0
  unitEnd = 0
  /** `metric_series.metadata`. */
  metadata = ''
  type = NO_DATA
  temporality = 0
  monotonic = 0
  /** Where the data messages lie, start and end in turn. More than one only when a client sent the field twice. */
  readonly data = new GrowingWords()
  readonly hash = new Hash64()
  readonly #metadata = new AttributesText()

  /** Whether the points may be stored: gauges and summaries have no temporality, the others need one. */
  get hasTemporality(): boolean {
    return this.type === GAUGE || this.type === SUMMARY || this.temporality === DELTA || this.temporality === CUMULATIVE
  }

  /** Reads the Metric message up to the reader's limit, except its points. */
  read(reader: ProtobufReader): void {
    this.#clear()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 10:
          this.nameEnd = reader.sized()
          this.nameStart = reader.start
          break
        case 18:
          this.descriptionEnd = reader.sized()
          this.descriptionStart = reader.start
          break
        case 26:
          this.unitEnd = reader.sized()
          this.unitStart = reader.start
          break
        case 42:
          this.#foundData(GAUGE, reader)
          break
        case 58:
          this.#foundData(SUM, reader)
          break
        case 74:
          this.#foundData(HISTOGRAM, reader)
          break
        case 82:
          this.#foundData(EXPONENTIAL_HISTOGRAM, reader)
          break
        case 90:
          this.#foundData(SUMMARY, reader)
          break
        case 98:
          this.#metadata.add(reader)
          break
        default:
          reader.skip(tag)
      }
    }
    for (let i = 0; i < this.data.length; i += 2) {
      within(reader, this.data.words[i]!, this.data.words[i + 1]!, () => this.#readDataHead(reader))
    }
    this.metadata = this.#metadata.text()
    this.#computeHash(reader)
  }

  name(reader: ProtobufReader): string {
    return decodeText(reader.bytes, this.nameStart, this.nameEnd)
  }

  /** The variants are a oneof: another one replaces what was there, the same one again adds to it. */
  #foundData(type: number, reader: ProtobufReader): void {
    if (this.type !== type) this.data.clear()
    this.type = type
    const end = reader.sized()
    this.data.push(reader.start)
    this.data.push(end)
  }

  #readDataHead(reader: ProtobufReader): void {
    const hasTemporality = this.type >= SUM && this.type <= EXPONENTIAL_HISTOGRAM
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 16 && hasTemporality) this.temporality = reader.varint32()
      else if (tag === 24 && this.type === SUM) {
        reader.varint64()
        this.monotonic = (reader.low | reader.high) === 0 ? 0 : 1
      } else reader.skip(tag)
    }
  }

  #computeHash(reader: ProtobufReader): void {
    const { bytes } = reader
    this.hash
      .begin(SERIES)
      .word((this.type << 8) | (this.temporality << 1) | this.monotonic)
      .bytes(bytes, this.nameStart, this.nameEnd)
      .bytes(bytes, this.unitStart, this.unitEnd)
      .bytes(bytes, this.descriptionStart, this.descriptionEnd)
      .text(this.metadata)
      .finish()
  }

  #clear(): void {
    this.nameStart = this.nameEnd = 0
    this.descriptionStart = this.descriptionEnd = 0
    this.unitStart = this.unitEnd = 0
    this.type = NO_DATA
    this.temporality = this.monotonic = 0
    this.data.clear()
    this.#metadata.clear()
  }
}
