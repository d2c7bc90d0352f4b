import type { ProtobufReader } from '../protobuf/reader.ts'
import type { AttributeSet } from './attribute-set.ts'
import { smallEnum } from './span-scan.ts'
import { Time } from './time.ts'
import { ValueScan } from './value-scan.ts'

/** The fields of one log record, found but not yet written. */
export class LogScan {
  readonly time = new Time()
  readonly observed = new Time()
  readonly body = new ValueScan()
  severityTextStart = 0
  severityTextEnd = 0
  traceIdStart = 0
  traceIdEnd = 0
  spanIdStart = 0
  spanIdEnd = 0
  eventNameStart = 0
  eventNameEnd = 0
  severity = 0
  flags = 0
  droppedAttributes = 0

  /** Reads the LogRecord message up to the reader's limit. */
  read(reader: ProtobufReader, attributes: AttributeSet): void {
    this.#clear()
    attributes.clear()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 9:
          this.time.read(reader)
          break
        case 16:
          this.severity = smallEnum(reader.varint32())
          break
        case 26:
          this.severityTextEnd = reader.sized()
          this.severityTextStart = reader.start
          break
        case 42:
          this.body.read(reader)
          break
        case 50:
          attributes.add(reader)
          break
        case 56:
          this.droppedAttributes = reader.varint32()
          break
        case 69:
          this.flags = reader.fixed32()
          break
        case 74:
          this.traceIdEnd = reader.sized()
          this.traceIdStart = reader.start
          break
        case 82:
          this.spanIdEnd = reader.sized()
          this.spanIdStart = reader.start
          break
        case 89:
          this.observed.read(reader)
          break
        case 98:
          this.eventNameEnd = reader.sized()
          this.eventNameStart = reader.start
          break
        default:
          reader.skip(tag)
      }
    }
  }

  #clear(): void {
    this.time.clear()
    this.observed.clear()
    this.body.clear()
    this.severityTextStart = this.severityTextEnd = 0
    this.traceIdStart = this.traceIdEnd = 0
    this.spanIdStart = this.spanIdEnd = 0
    this.eventNameStart = this.eventNameEnd = 0
    this.severity = this.flags = this.droppedAttributes = 0
  }
}
