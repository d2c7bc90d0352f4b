import { Hash64 } from '../hash.ts'
import { BlockBuilder } from '../native/block.ts'
import { AttributeSet } from './attribute-set.ts'
import { type RequestState, SCOPES } from './request-state.ts'

/** The instrumentation scope whose items are being read, and its row of `scopes`. */
export class ScopeRows {
  readonly block: BlockBuilder<'scopes'>
  /** Identity of the current scope: name, version, attributes in any order, dropped count, schema URL. */
  readonly hash = new Hash64()
  readonly #state: RequestState
  readonly #attributes: AttributeSet
  #nameStart = 0
  #nameEnd = 0
  #versionStart = 0
  #versionEnd = 0
  #dropped = 0
  #schemaStart = 0
  #schemaEnd = 0
  #stored = false

  constructor(state: RequestState) {
    this.#state = state
    this.#attributes = new AttributeSet(state)
    this.block = new BlockBuilder('scopes', state.keys)
  }

  begin(): void {
    this.#attributes.clear()
    this.#nameStart = 0
    this.#nameEnd = 0
    this.#versionStart = 0
    this.#versionEnd = 0
    this.#dropped = 0
    this.#schemaStart = 0
    this.#schemaEnd = 0
    this.#stored = false
  }

  /** Reads an InstrumentationScope field; several add up to one. */
  read(): void {
    const { reader } = this.#state
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 10:
          this.#nameEnd = reader.sized()
          this.#nameStart = reader.start
          break
        case 18:
          this.#versionEnd = reader.sized()
          this.#versionStart = reader.start
          break
        case 26:
          this.#attributes.add(reader)
          break
        case 32:
          this.#dropped = reader.varint32()
          break
        default:
          reader.skip(tag)
      }
    }
    reader.leave(outer)
  }

  schemaUrl(start: number, end: number): void {
    this.#schemaStart = start
    this.#schemaEnd = end
  }

  /** To be called when the scope has been read and its items have not. */
  complete(): void {
    const { reader } = this.#state
    this.#state.scopeFault = this.#attributes.fault
    if (this.#state.scopeFault !== undefined) return
    const hash = this.hash.begin(SCOPES)
    this.#attributes.addTo(hash, reader)
    hash.bytes(reader.bytes, this.#nameStart, this.#nameEnd).bytes(reader.bytes, this.#versionStart, this.#versionEnd)
    hash.word(this.#dropped).bytes(reader.bytes, this.#schemaStart, this.#schemaEnd).finish()
  }

  /** To be called for each item that is kept: the first time, the scope's own row is written. */
  use(): void {
    if (this.#stored) return
    this.#stored = true
    const { reader, space, received } = this.#state
    if (!this.#state.announce(SCOPES, this.hash)) return
    const { columns } = this.block
    this.block.rows++
    columns.space.append(space, 0, space.length)
    columns.received.append(received)
    columns.hash.append(this.hash.low, this.hash.high)
    columns.name.append(reader.bytes, this.#nameStart, this.#nameEnd)
    columns.version.append(reader.bytes, this.#versionStart, this.#versionEnd)
    columns.schema_url.append(reader.bytes, this.#schemaStart, this.#schemaEnd)
    this.#attributes.write(reader, columns, false)
    columns.dropped_attributes.append(this.#dropped)
  }
}
