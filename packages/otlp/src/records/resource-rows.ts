import { STRING } from '../any-value.ts'
import { Hash64 } from '../hash.ts'
import { BlockBuilder } from '../native/block.ts'
import { SERVICE_NAME, UNKNOWN_SERVICE } from '../semantic-conventions.ts'
import { AttributeSet } from './attribute-set.ts'
import { entityRefText } from './entity-refs.ts'
import { RESOURCES, type RequestState } from './request-state.ts'

/** A resource belongs to a handful of entities. */
const MAX_ENTITY_REFS = 1000

const unknownService = new TextEncoder().encode(UNKNOWN_SERVICE)

/** The resource whose items are being read, and its row of `resources`. */
export class ResourceRows {
  readonly block: BlockBuilder<'resources'>
  /** Identity of the current resource: attributes in any order, dropped count, entity refs, schema URL. */
  readonly hash = new Hash64()
  /** The service name of the current resource lies in `serviceSource`. */
  serviceSource: Uint8Array = unknownService
  serviceStart = 0
  serviceEnd = 0
  readonly #state: RequestState
  readonly #attributes: AttributeSet
  #entityRefs: string[] = []
  #dropped = 0
  #schemaStart = 0
  #schemaEnd = 0
  #stored = false

  constructor(state: RequestState) {
    this.#state = state
    this.#attributes = new AttributeSet(state)
    this.block = new BlockBuilder('resources', state.keys)
  }

  begin(): void {
    this.#attributes.clear()
    this.#entityRefs = []
    this.#dropped = 0
    this.#schemaStart = 0
    this.#schemaEnd = 0
    this.#stored = false
  }

  /** Reads a Resource field; several add up to one. */
  read(): void {
    const { reader } = this.#state
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 10) this.#attributes.add(reader)
      else if (tag === 16) this.#dropped = reader.varint32()
      else if (tag === 26) this.#addEntityRef(entityRefText(reader))
      else reader.skip(tag)
    }
    reader.leave(outer)
  }

  #addEntityRef(text: string): void {
    if (this.#entityRefs.length === MAX_ENTITY_REFS) this.#state.reader.fail('a resource has too many entity refs')
    this.#entityRefs.push(text)
  }

  schemaUrl(start: number, end: number): void {
    this.#schemaStart = start
    this.#schemaEnd = end
  }

  /** To be called when the resource has been read and its items have not. */
  complete(): void {
    const { reader } = this.#state
    this.#state.resourceFault = this.#attributes.fault
    if (this.#state.resourceFault !== undefined) return
    const hash = this.hash.begin(RESOURCES)
    this.#attributes.addTo(hash, reader)
    hash.word(this.#dropped).bytes(reader.bytes, this.#schemaStart, this.#schemaEnd)
    hash.text(this.#entityRefs.join()).finish()
    const name = this.#attributes.byRole[SERVICE_NAME]!
    this.serviceSource = unknownService
    this.serviceStart = 0
    this.serviceEnd = unknownService.length
    if (this.#attributes.type(name) !== STRING) return
    if (this.#attributes.first(name) === this.#attributes.second(name)) return
    this.serviceSource = reader.bytes
    this.serviceStart = this.#attributes.first(name)
    this.serviceEnd = this.#attributes.second(name)
  }

  /** To be called for each item that is kept: the first time, the resource's own row is written. */
  use(): void {
    if (this.#stored) return
    this.#stored = true
    const { reader, space, received } = this.#state
    if (!this.#state.announce(RESOURCES, this.hash)) return
    const { columns } = this.block
    this.block.rows++
    columns.space.append(space, 0, space.length)
    columns.received.append(received)
    columns.hash.append(this.hash.low, this.hash.high)
    columns.service.append(this.serviceSource, this.serviceStart, this.serviceEnd)
    columns.schema_url.append(reader.bytes, this.#schemaStart, this.#schemaEnd)
    this.#attributes.write(reader, columns, false)
    columns.dropped_attributes.append(this.#dropped)
    columns.entity_refs.appendText(this.#entityRefs.length === 0 ? '' : `[${this.#entityRefs.join()}]`)
  }
}
