import { BOOL, BYTES, DOUBLE, INT, STRING } from '../any-value.ts'
import { BlockBuilder } from '../native/block.ts'
import { logRecord } from '../protobuf/messages.ts'
import { validateMessage } from '../protobuf/validate.ts'
import { RecordIds } from '../record-ids.ts'
import { decodeText, doubleOf, doubleText, encodeBase64, int64Text } from '../text.ts'
import { AttributeSet } from './attribute-set.ts'
import { LogScan } from './log-scan.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import type { ItemWriter } from './request-walk.ts'
import type { ResourceRows } from './resource-rows.ts'
import type { ScopeRows } from './scope-rows.ts'
import { otherValueText, within } from './value-scan.ts'

// `logs.time_source`
const OWN_TIME = 0
const OBSERVED_TIME = 1
const RECEIVED_TIME = 2

const MAX_EXCERPT = 60
const LONGEST_SHOWN = 1000

/** Writes log records into a block of `logs`. A record is read whole before anything of it is written. */
export class LogRows implements ItemWriter {
  readonly block: BlockBuilder<'logs'>
  readonly #state: RequestState
  readonly #resources: ResourceRows
  readonly #scopes: ScopeRows
  readonly #scan = new LogScan()
  readonly #attributes: AttributeSet
  readonly #ownIds = new RecordIds()

  constructor(state: RequestState, resources: ResourceRows, scopes: ScopeRows) {
    this.#state = state
    this.#resources = resources
    this.#scopes = scopes
    this.#attributes = new AttributeSet(state)
    this.block = new BlockBuilder('logs', state.keys)
  }

  read(): void {
    const { reader, rejections } = this.#state
    const outer = reader.enter()
    const start = reader.position
    const scan = this.#scan
    scan.read(reader, this.#attributes)
    const reason = this.#fault()
    if (reason !== undefined) {
      within(reader, start, reader.limit, () => validateMessage(reader, logRecord))
      rejections.add(reason, () => this.#description())
    } else {
      scan.observed.clamp()
      this.#write()
    }
    reader.leave(outer)
  }

  #fault(): RejectionReason | undefined {
    const { time, observed, body } = this.#scan
    if ((time.isZero ? observed : time).isBeyondRange) return 'time_out_of_range'
    if (body.bytes > this.#state.mostAttributes.valueBytes) return 'body_too_long'
    return this.#attributes.fault ?? this.#state.resourceFault ?? this.#state.scopeFault
  }

  #write(): void {
    const { reader, space, received, receivedMilliseconds } = this.#state
    const { bytes } = reader
    const { columns } = this.block
    const scan = this.#scan
    const resource = this.#resources
    const ids = this.#state.recordIds ?? this.#ownIds
    ids.next(receivedMilliseconds)
    this.#state.accept(0)
    resource.use()
    this.#scopes.use()
    this.block.rows++
    columns.space.append(space, 0, space.length)
    columns.received.append(received)
    columns.service.append(resource.serviceSource, resource.serviceStart, resource.serviceEnd)
    this.#writeTime()
    columns.observed.append(scan.observed.low, scan.observed.high)
    columns.record_id.append(ids.low, ids.high)
    columns.severity.append(scan.severity)
    columns.severity_text.append(bytes, scan.severityTextStart, scan.severityTextEnd)
    columns.trace_id.append(bytes, scan.traceIdStart, scan.traceIdEnd)
    columns.span_id.append(bytes, scan.spanIdStart, scan.spanIdEnd)
    columns.flags.append(scan.flags)
    columns.event_name.append(bytes, scan.eventNameStart, scan.eventNameEnd)
    this.#writeBody()
    columns.body_type.append(scan.body.type)
    columns.res_hash.append(resource.hash.low, resource.hash.high)
    columns.scope_hash.append(this.#scopes.hash.low, this.#scopes.hash.high)
    this.#attributes.write(reader, columns, false)
    columns.dropped_attributes.append(scan.droppedAttributes)
  }

  #writeTime(): void {
    const { time: own, observed } = this.#scan
    const { time, time_source } = this.block.columns
    if (!own.isZero) {
      time.append(own.low, own.high)
      time_source.append(OWN_TIME)
    } else if (!observed.isZero) {
      time.append(observed.low, observed.high)
      time_source.append(OBSERVED_TIME)
    } else {
      time.append(this.#state.receivedLow, this.#state.receivedHigh)
      time_source.append(RECEIVED_TIME)
      this.#state.untimed = true
    }
  }

  #writeBody(): void {
    const { body } = this.#scan
    const { reader } = this.#state
    const column = this.block.columns.body
    if (body.type === STRING) column.append(reader.bytes, body.first, body.second)
    else column.appendText(this.#bodyText(body.type, body.first, body.second))
  }

  #bodyText(type: number, first: number, second: number): string {
    const { reader } = this.#state
    switch (type) {
      case STRING:
        return decodeText(reader.bytes, first, second)
      case BOOL:
        return String(first === 1)
      case INT:
        return int64Text(first, second)
      case DOUBLE:
        return doubleText(doubleOf(first, second))
      case BYTES:
        return encodeBase64(reader.bytes, first, second)
      default:
        return type === 0 ? '' : otherValueText(reader, type, first, second)
    }
  }

  #description(): string {
    const { body } = this.#scan
    // Of a body that is too large, only as much is read as is shown, which only a string allows.
    const isShown = body.bytes <= LONGEST_SHOWN || body.type === STRING
    const shown = body.type === STRING ? Math.min(body.second, body.first + LONGEST_SHOWN) : body.second
    const text = isShown ? this.#bodyText(body.type, body.first, shown).slice(0, MAX_EXCERPT) : ''
    return `log record ${JSON.stringify(text)}${this.#attributes.faultText()}`
  }
}
