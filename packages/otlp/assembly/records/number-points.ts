// Writes the points of gauges and sums into a block of `metric_samples`.
import { metricSamples as columns } from '../generated/tables'
import { longTag, sized, skip, varintValue } from '../protobuf/reader'
import { writeExemplars } from './exemplar-rows'
import * as point from './point-scan'
import { PointValue } from './point-value'
import { NO_FAULT, SERIES_LIMIT } from './rejection-reasons'
import { notePart } from './request-state'
import { NO_BOUNDS, useSeries } from './series-rows'

const value = changetype<PointValue>(memory.data(offsetof<PointValue>(), 8))

/** Reads a NumberDataPoint and writes it, or answers why not. */
export function readNumberPoint(from: usize, limit: usize): i32 {
  scan(from, limit)
  const fault = point.pointFault()
  if (fault !== NO_FAULT) return fault
  if (!useSeries(point.attributes, NO_BOUNDS)) return SERIES_LIMIT
  columns.table.rows++
  point.writePoint(
    columns.space,
    columns.name,
    columns.fingerprint,
    columns.received,
    columns.time,
    columns.start,
    columns.flags,
  )
  value.write(columns.valueType, columns.valueDouble, columns.valueInt)
  writeExemplars(point.exemplars, point.time.value, limit)
  return NO_FAULT
}

function scan(from: usize, limit: usize): void {
  point.clearPoint()
  value.clear()
  let at = from
  while (at < limit) {
    let tag = <u32>load<u8>(at)
    if (tag < 0x80) at++
    else {
      at = longTag(at, limit)
      tag = <u32>varintValue
    }
    switch (tag) {
      case 58:
        at = point.attributes.add(at, limit)
        break
      case 17:
        at = point.start.readFixed(at, limit)
        break
      case 25:
        at = point.time.readFixed(at, limit)
        break
      case 33:
        at = value.readDouble(at, limit)
        break
      case 42:
        notePart(point.exemplars, at)
        at = sized(at, limit)
        break
      case 49:
        at = value.readInt(at, limit)
        break
      case 64:
        at = point.flags.read(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}
