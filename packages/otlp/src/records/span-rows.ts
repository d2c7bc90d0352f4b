import { adjustedCount } from '../adjusted-count.ts'
import { BlockBuilder } from '../native/block.ts'
import { span } from '../protobuf/messages.ts'
import { validateMessage } from '../protobuf/validate.ts'
import { decodeText } from '../text.ts'
import { AttributeSet } from './attribute-set.ts'
import { writeHotColumns } from './hot-columns.ts'
import { isValidId, SPAN_ID_BYTES, TRACE_ID_BYTES } from './id.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { ItemWriter } from './request-walk.ts'
import type { ResourceRows } from './resource-rows.ts'
import type { ScopeRows } from './scope-rows.ts'
import { SpanErrorGroup } from './span-error-group.ts'
import { SpanEvents } from './span-events.ts'
import { SpanLinks } from './span-links.ts'
import { SpanScan } from './span-scan.ts'
import { within } from './value-scan.ts'

const STATUS_ERROR = 2

/** Writes spans into a block of `spans`. A span is read whole before anything of it is written. */
export class SpanRows implements ItemWriter {
  readonly block: BlockBuilder<'spans'>
  readonly #state: RequestState
  readonly #resources: ResourceRows
  readonly #scopes: ScopeRows
  readonly #scan = new SpanScan()
  readonly #attributes: AttributeSet
  readonly #events: SpanEvents
  readonly #links: SpanLinks
  readonly #errorGroup: SpanErrorGroup

  constructor(state: RequestState, resources: ResourceRows, scopes: ScopeRows) {
    this.#state = state
    this.#resources = resources
    this.#scopes = scopes
    this.#attributes = new AttributeSet(state)
    this.#errorGroup = new SpanErrorGroup(resources)
    this.block = new BlockBuilder('spans', state.keys)
    this.#events = new SpanEvents(this.block.columns)
    this.#links = new SpanLinks(this.block.columns)
  }

  read(): void {
    const { reader, rejections } = this.#state
    const outer = reader.enter()
    const start = reader.position
    this.#scan.read(reader, this.#attributes)
    const reason = this.#fault()
    if (reason === undefined) {
      this.#write()
    } else {
      within(reader, start, reader.limit, () => validateMessage(reader, span))
      rejections.add(reason, () => this.#description())
    }
    reader.leave(outer)
  }

  #fault(): RejectionReason | undefined {
    const { bytes } = this.#state.reader
    const scan = this.#scan
    if (!isValidId(bytes, scan.traceIdStart, scan.traceIdEnd, TRACE_ID_BYTES)) return 'invalid_trace_id'
    if (!isValidId(bytes, scan.spanIdStart, scan.spanIdEnd, SPAN_ID_BYTES)) return 'invalid_span_id'
    if (scan.start.isBeyondRange || scan.end.isBeyondRange) return 'time_out_of_range'
    return this.#attributes.fault ?? this.#state.resourceFault ?? this.#state.scopeFault
  }

  #write(): void {
    const { reader, space, received } = this.#state
    const { bytes } = reader
    const { columns } = this.block
    const scan = this.#scan
    const resource = this.#resources
    this.#state.accept(scan.events.length + scan.links.length)
    if (scan.start.isZero && scan.end.isZero) this.#state.untimed = true
    resource.use()
    this.#scopes.use()
    this.block.rows++
    columns.space.append(space, 0, space.length)
    columns.received.append(received)
    columns.service.append(resource.serviceSource, resource.serviceStart, resource.serviceEnd)
    columns.start.append(scan.start.low, scan.start.high)
    const borrow = scan.end.low >>> 0 < scan.start.low >>> 0 ? 1 : 0
    columns.duration.append(scan.end.low - scan.start.low, scan.end.high - scan.start.high - borrow)
    columns.trace_id.append(bytes, scan.traceIdStart, scan.traceIdEnd)
    columns.span_id.append(bytes, scan.spanIdStart, scan.spanIdEnd)
    columns.parent_id.append(bytes, scan.parentIdStart, scan.parentIdEnd)
    columns.trace_state.append(bytes, scan.traceStateStart, scan.traceStateEnd)
    columns.flags.append(scan.flags)
    columns.name.append(bytes, scan.nameStart, scan.nameEnd)
    columns.kind.append(scan.kind)
    columns.status.append(scan.status)
    columns.status_message.append(bytes, scan.statusMessageStart, scan.statusMessageEnd)
    columns.adjusted_count.append(this.#adjustedCount())
    columns.res_hash.append(resource.hash.low, resource.hash.high)
    columns.scope_hash.append(this.#scopes.hash.low, this.#scopes.hash.high)
    writeHotColumns(reader, this.#attributes, columns)
    this.#attributes.write(reader, columns, true)
    columns.dropped_attributes.append(scan.droppedAttributes)
    columns.dropped_events.append(scan.droppedEvents)
    columns.dropped_links.append(scan.droppedLinks)
    this.#writeEventsAndLinks()
    this.#writeErrorGroup()
  }

  #adjustedCount(): number {
    const { traceStateStart, traceStateEnd } = this.#scan
    return traceStateEnd === traceStateStart ? 1 : adjustedCount(this.#text(traceStateStart, traceStateEnd))
  }

  #writeEventsAndLinks(): void {
    const { reader } = this.#state
    const { events, links } = this.#scan
    const { position } = reader
    this.#events.begin()
    for (let i = 0; i < events.length; i++) {
      reader.position = events.words[i]!
      this.#events.write(reader)
    }
    this.#events.endRow(events.length)
    for (let i = 0; i < links.length; i++) {
      reader.position = links.words[i]!
      this.#links.write(reader)
    }
    this.#links.endRow(links.length)
    reader.position = position
  }

  #writeErrorGroup(): void {
    const { error_group } = this.block.columns
    if (this.#scan.status !== STATUS_ERROR && !this.#events.hasException) {
      error_group.append(0, 0)
      return
    }
    const { bytes } = this.#state.reader
    const group = this.#errorGroup.of(bytes, this.#scan, this.#attributes, this.#events)
    error_group.append(group.low, group.high)
  }

  #description(): string {
    return `span ${JSON.stringify(this.#text(this.#scan.nameStart, this.#scan.nameEnd))}${this.#attributes.faultText()}`
  }

  #text(start: number, end: number): string {
    return decodeText(this.#state.reader.bytes, start, end)
  }
}
