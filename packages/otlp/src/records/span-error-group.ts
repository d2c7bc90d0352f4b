import { STRING } from '../any-value.ts'
import { errorGroup } from '../error-group.ts'
import { Hash64 } from '../hash.ts'
import { ByteDictionary } from '../native/byte-dictionary.ts'
import { GrowingBytes } from '../native/growing-bytes.ts'
import { ERROR_TYPE } from '../semantic-conventions.ts'
import { decodeText } from '../text.ts'
import type { AttributeSet } from './attribute-set.ts'
import type { ResourceRows } from './resource-rows.ts'
import type { SpanEvents } from './span-events.ts'
import type { SpanScan } from './span-scan.ts'

const MAX_KNOWN = 1024
const MAX_KNOWN_BYTES = 256 * 1024

/**
 * Works out the error group of a span. Groups of errors without an exception are kept: such errors repeat byte for byte,
 * and to work out a group takes as long as to write a span.
 */
export class SpanErrorGroup {
  readonly #resource: ResourceRows
  readonly #known = new ByteDictionary()
  readonly #facts = new GrowingBytes()
  readonly #low: number[] = []
  readonly #high: number[] = []
  readonly #hash = new Hash64()

  constructor(resource: ResourceRows) {
    this.#resource = resource
  }

  /** The group of a span that failed or has an exception; to be called when its events have been written. */
  of(bytes: Uint8Array, scan: SpanScan, attributes: AttributeSet, events: SpanEvents): Hash64 {
    const errorType = attributes.byRole[ERROR_TYPE]!
    const isTyped = attributes.type(errorType) === STRING
    const typeStart = isTyped ? attributes.first(errorType) : 0
    const typeEnd = isTyped ? attributes.second(errorType) : 0
    if (events.hasException) return this.#compute(bytes, scan, typeStart, typeEnd, events)
    const { serviceSource, serviceStart, serviceEnd } = this.#resource
    const facts = this.#facts
    facts.clear()
    facts.appendSized(serviceSource, serviceStart, serviceEnd)
    facts.appendSized(bytes, typeStart, typeEnd)
    facts.appendSized(bytes, scan.statusMessageStart, scan.statusMessageEnd)
    facts.appendSized(bytes, scan.nameStart, scan.nameEnd)
    if (this.#known.size >= MAX_KNOWN || this.#known.entries.length > MAX_KNOWN_BYTES) this.#forget()
    const before = this.#known.size
    const index = this.#known.indexOf(facts.bytes, 0, facts.length)
    if (index === before) {
      const { low, high } = this.#compute(bytes, scan, typeStart, typeEnd, events)
      this.#low.push(low)
      this.#high.push(high)
    }
    this.#hash.low = this.#low[index]!
    this.#hash.high = this.#high[index]!
    return this.#hash
  }

  #compute(bytes: Uint8Array, scan: SpanScan, typeStart: number, typeEnd: number, events: SpanEvents): Hash64 {
    const { serviceSource, serviceStart, serviceEnd } = this.#resource
    return errorGroup(
      {
        service: decodeText(serviceSource, serviceStart, serviceEnd),
        type: events.exceptionType || decodeText(bytes, typeStart, typeEnd),
        message: events.exceptionMessage || decodeText(bytes, scan.statusMessageStart, scan.statusMessageEnd),
        stack: events.exceptionStack,
        operation: decodeText(bytes, scan.nameStart, scan.nameEnd),
      },
      this.#hash,
    )
  }

  #forget(): void {
    this.#known.clear()
    this.#low.length = 0
    this.#high.length = 0
  }
}
