// Writes the points of summaries into a block of `metric_summaries`.
import { metricSummaries as columns } from '../generated/tables'
import { Buffer } from '../memory/buffer'
import { clearFields, Long } from '../protobuf/fields'
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import * as point from './point-scan'
import { NO_FAULT, SERIES_LIMIT } from './rejection-reasons'
import { checkParts } from './request-state'
import { NO_BOUNDS, useSeries } from './series-rows'

const FIELD_BYTES: usize = 16
const fields: usize = memory.data(FIELD_BYTES, 16)
const count = changetype<Long>(fields)
const sum = changetype<Long>(fields + 8)
const quantileFields: usize = memory.data(FIELD_BYTES, 16)
const quantile = changetype<Long>(quantileFields)
const value = changetype<Long>(quantileFields + 8)
const quantiles = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const values = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** Reads a SummaryDataPoint and writes it, or answers why not. */
export function readSummaryPoint(from: usize, limit: usize): i32 {
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
    // A quantile takes two bytes of a body at least, and sixteen in memory.
    <u32>(quantiles.length >> 6),
  )
  columns.count.push64(count.value)
  columns.sum.push64(sum.value)
  columns.quantiles.elements.append(quantiles.start, quantiles.length)
  columns.quantiles.endRow(<u32>(quantiles.length >> 3))
  columns.quantileValues.elements.append(values.start, values.length)
  columns.quantileValues.endRow(<u32>(values.length >> 3))
  return NO_FAULT
}

function scan(from: usize, limit: usize): void {
  point.clearPoint()
  clearFields(fields, FIELD_BYTES)
  quantiles.clear()
  values.clear()
  let at = from
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 17:
        at = point.start.readFixed(at, limit)
        break
      case 25:
        at = point.time.readFixed(at, limit)
        break
      case 33:
        at = count.readFixed(at, limit)
        break
      case 41:
        at = sum.readFixed(at, limit)
        break
      case 50:
        at = readQuantile(at, limit)
        break
      case 58:
        at = point.attributes.add(at, limit)
        break
      case 64:
        at = point.flags.read(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}

function readQuantile(outer: usize, outerLimit: usize): usize {
  clearFields(quantileFields, FIELD_BYTES)
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 9) at = quantile.readFixed(at, limit)
    else if (tag === 17) at = value.readFixed(at, limit)
    else at = skip(tag, at, limit)
  }
  quantiles.push64(quantile.value)
  values.push64(value.value)
  checkParts(values, 8)
  return limit
}
