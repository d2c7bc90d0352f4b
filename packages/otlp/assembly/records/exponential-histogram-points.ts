// Writes the points of exponential histograms into a block of `metric_exponential_histograms`.
import { ArrayColumn, FixedColumn } from '../columns/columns'
import { metricExponentialHistograms as columns } from '../generated/tables'
import { Buffer } from '../memory/buffer'
import { clearFields, Long, Word } from '../protobuf/fields'
import { enter, longTag, messageEnd, sized, skip, varint, varintValue } from '../protobuf/reader'
import { clearDistribution, readCount, readMax, readMin, readSum, writeDistribution } from './distribution'
import { writeExemplars } from './exemplar-rows'
import * as point from './point-scan'
import { NO_FAULT, SERIES_LIMIT } from './rejection-reasons'
import { checkParts, notePart } from './request-state'
import { NO_BOUNDS, useSeries } from './series-rows'

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 16)
const zeroCount = changetype<Long>(fields)
const zeroThreshold = changetype<Long>(fields + 8)
const scale = changetype<Word>(fields + 16)
const positiveOffset = changetype<Word>(fields + 20)
const negativeOffset = changetype<Word>(fields + 24)
const positive = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const negative = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** Reads an ExponentialHistogramDataPoint and writes it, or answers why not. */
export function readExponentialHistogramPoint(from: usize, limit: usize): i32 {
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
    // A bucket count takes one byte of a body at least, and eight in memory.
    <u32>((positive.length + negative.length) >> 6),
  )
  writeDistribution(columns.count, columns.has, columns.sum, columns.min, columns.max)
  columns.scale.push32(scale.value)
  columns.zeroCount.push64(zeroCount.value)
  columns.zeroThreshold.push64(zeroThreshold.value)
  columns.positiveOffset.push32(positiveOffset.value)
  writeBuckets(columns.positive, positive)
  columns.negativeOffset.push32(negativeOffset.value)
  writeBuckets(columns.negative, negative)
  writeExemplars(point.exemplars, point.time.value, limit)
  return NO_FAULT
}

function scan(from: usize, limit: usize): void {
  point.clearPoint()
  clearDistribution()
  clearFields(fields, FIELD_BYTES)
  positive.clear()
  negative.clear()
  let at = from
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 10:
        at = point.attributes.add(at, limit)
        break
      case 17:
        at = point.start.readFixed(at, limit)
        break
      case 25:
        at = point.time.readFixed(at, limit)
        break
      case 33:
        at = readCount(at, limit)
        break
      case 41:
        at = readSum(at, limit)
        break
      case 48:
        at = scale.readZigzag(at, limit)
        break
      case 57:
        at = zeroCount.readFixed(at, limit)
        break
      case 66:
        at = readBuckets(positive, positiveOffset, at, limit)
        break
      case 74:
        at = readBuckets(negative, negativeOffset, at, limit)
        break
      case 80:
        at = point.flags.read(at, limit)
        break
      case 90:
        notePart(point.exemplars, at)
        at = sized(at, limit)
        break
      case 97:
        at = readMin(at, limit)
        break
      case 105:
        at = readMax(at, limit)
        break
      case 113:
        at = zeroThreshold.readFixed(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}

function readBuckets(counts: Buffer, offset: Word, outer: usize, outerLimit: usize): usize {
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 8) at = offset.readZigzag(at, limit)
    else if (tag === 16) at = readBucket(counts, at, limit)
    else if (tag === 18) {
      at = enter(at, limit)
      const end = messageEnd
      while (at < end) at = readBucket(counts, at, end)
    } else at = skip(tag, at, limit)
  }
  return limit
}

function readBucket(counts: Buffer, at: usize, limit: usize): usize {
  const next = varint(at, limit)
  counts.push64(varintValue)
  checkParts(counts, 8)
  return next
}

function writeBuckets(column: ArrayColumn<FixedColumn>, counts: Buffer): void {
  column.elements.append(counts.start, counts.length)
  column.endRow(<u32>(counts.length >> 3))
}
