import { GrowingWords } from '../native/growing-words.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import type { AttributeSet } from './attribute-set.ts'
import { Time } from './time.ts'

/** The fields of one span, found but not yet written: values where they are small, else where they lie in the body. */
export class SpanScan {
  readonly start = new Time()
  readonly end = new Time()
  /** Where the lengths of the event and link fields stand. */
  readonly events = new GrowingWords()
  readonly links = new GrowingWords()
  traceIdStart = 0
  traceIdEnd = 0
  spanIdStart = 0
  spanIdEnd = 0
  parentIdStart = 0
  parentIdEnd = 0
  traceStateStart = 0
  traceStateEnd = 0
  nameStart = 0
  nameEnd = 0
  statusMessageStart = 0
  statusMessageEnd = 0
  kind = 0
  status = 0
  flags = 0
  droppedAttributes = 0
  droppedEvents = 0
  droppedLinks = 0

  /** Reads the Span message up to the reader's limit. */
  read(reader: ProtobufReader, attributes: AttributeSet): void {
    this.#clear()
    attributes.clear()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 10:
          this.traceIdEnd = reader.sized()
          this.traceIdStart = reader.start
          break
        case 18:
          this.spanIdEnd = reader.sized()
          this.spanIdStart = reader.start
          break
        case 26:
          this.traceStateEnd = reader.sized()
          this.traceStateStart = reader.start
          break
        case 34:
          this.parentIdEnd = reader.sized()
          this.parentIdStart = reader.start
          break
        case 42:
          this.nameEnd = reader.sized()
          this.nameStart = reader.start
          break
        case 48:
          this.kind = smallEnum(reader.varint32())
          break
        case 57:
          this.start.read(reader)
          break
        case 65:
          this.end.read(reader)
          break
        case 74:
          attributes.add(reader)
          break
        case 80:
          this.droppedAttributes = reader.varint32()
          break
        case 90:
          this.events.push(reader.position)
          reader.sized()
          break
        case 96:
          this.droppedEvents = reader.varint32()
          break
        case 106:
          this.links.push(reader.position)
          reader.sized()
          break
        case 112:
          this.droppedLinks = reader.varint32()
          break
        case 122:
          this.#readStatus(reader)
          break
        case 133:
          this.flags = reader.fixed32()
          break
        default:
          reader.skip(tag)
      }
    }
  }

  #readStatus(reader: ProtobufReader): void {
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 18) {
        this.statusMessageEnd = reader.sized()
        this.statusMessageStart = reader.start
      } else if (tag === 24) this.status = smallEnum(reader.varint32())
      else reader.skip(tag)
    }
    reader.leave(outer)
  }

  #clear(): void {
    this.start.clear()
    this.end.clear()
    this.events.clear()
    this.links.clear()
    this.traceIdStart = this.traceIdEnd = 0
    this.spanIdStart = this.spanIdEnd = 0
    this.parentIdStart = this.parentIdEnd = 0
    this.traceStateStart = this.traceStateEnd = 0
    this.nameStart = this.nameEnd = 0
    this.statusMessageStart = this.statusMessageEnd = 0
    this.kind = this.status = this.flags = 0
    this.droppedAttributes = this.droppedEvents = this.droppedLinks = 0
  }
}

/** An enum value that no column can hold, since no definition has it, counts as unspecified. */
export function smallEnum(value: number): number {
  return value > 0xff ? 0 : value
}
