// Writes the exemplars of points, of every kind, into one block of `metric_exemplars`.
import { metricExemplars as columns } from '../generated/tables'
import { Buffer } from '../memory/buffer'
import { clearFields, Long, Range } from '../protobuf/fields'
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import { addToText, appendAttributesText, clearAttributesText } from '../text/attributes-text'
import * as metric from './metric-scan'
import { PointValue } from './point-value'
import { received, space } from './request-state'
import { fingerprint } from './series-rows'

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 8)
const time = changetype<Long>(fields)
const traceId = changetype<Range>(fields + 8)
const spanId = changetype<Range>(fields + 16)
const value = changetype<PointValue>(memory.data(offsetof<PointValue>(), 8))

/** Reads and writes the Exemplar fields whose lengths stand at `positions`; of the series that was used last. */
export function writeExemplars(positions: Buffer, pointTime: u64, limit: usize): void {
  for (let at = positions.start; at < positions.position; at += 4) writeExemplar(load<u32>(at), limit, pointTime)
}

function writeExemplar(outer: usize, outerLimit: usize, pointTime: u64): void {
  clearFields(fields, FIELD_BYTES)
  clearAttributesText()
  value.clear()
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 17:
        at = time.readFixed(at, limit)
        break
      case 25:
        at = value.readDouble(at, limit)
        break
      case 34:
        at = spanId.read(at, limit)
        break
      case 42:
        at = traceId.read(at, limit)
        break
      case 49:
        at = value.readInt(at, limit)
        break
      case 58:
        at = addToText(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
  time.clamp()
  columns.table.rows++
  columns.space.appendString(space.start, space.length)
  columns.name.appendString(metric.name.start, metric.name.length)
  columns.fingerprint.push64(fingerprint)
  columns.received.push32(received)
  columns.pointTime.push64(pointTime)
  columns.time.push64(time.value)
  value.write(columns.valueType, columns.valueDouble, columns.valueInt)
  columns.traceId.appendId(traceId.start, traceId.length)
  columns.spanId.appendId(spanId.start, spanId.length)
  appendAttributesText(columns.attributes)
}
