// Writes the points of histograms with explicit bounds into a block of `metric_histograms`.
import { metricHistograms as columns } from '../generated/tables'
import { Buffer } from '../memory/buffer'
import { longTag, sized, skip, varintValue } from '../protobuf/reader'
import {
  clearDistribution,
  readCount,
  readFixed64,
  readMax,
  readMin,
  readPackedFixed64,
  readSum,
  writeDistribution,
} from './distribution'
import { writeExemplars } from './exemplar-rows'
import * as point from './point-scan'
import { BUCKET_COUNT_MISMATCH, NO_FAULT, SERIES_LIMIT } from './rejection-reasons'
import { notePart } from './request-state'
import { useSeries } from './series-rows'

const counts = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const bounds = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** Reads a HistogramDataPoint and writes it, or answers why not. */
export function readHistogramPoint(from: usize, limit: usize): i32 {
  scan(from, limit)
  const fault = point.pointFault()
  if (fault !== NO_FAULT) return fault
  if (!hasRightBuckets()) return BUCKET_COUNT_MISMATCH
  if (!useSeries(point.attributes, bounds)) return SERIES_LIMIT
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
  writeDistribution(columns.count, columns.has, columns.sum, columns.min, columns.max)
  columns.buckets.elements.append(counts.start, counts.length)
  columns.buckets.endRow(<u32>(counts.length >> 3))
  writeExemplars(point.exemplars, point.time.value, limit)
  return NO_FAULT
}

/** One more count than bounds, or neither; a gap needs no counts. */
function hasRightBuckets(): bool {
  if (counts.length === bounds.length + 8) return true
  return counts.length === 0 && (bounds.length === 0 || point.isGap())
}

function scan(from: usize, limit: usize): void {
  point.clearPoint()
  clearDistribution()
  counts.clear()
  bounds.clear()
  let at = from
  while (at < limit) {
    let tag = <u32>load<u8>(at)
    if (tag < 0x80) at++
    else {
      at = longTag(at, limit)
      tag = <u32>varintValue
    }
    switch (tag) {
      case 74:
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
      case 49:
        at = readFixed64(counts, at, limit)
        break
      case 50:
        at = readPackedFixed64(counts, at, limit)
        break
      case 57:
        at = readFixed64(bounds, at, limit)
        break
      case 58:
        at = readPackedFixed64(bounds, at, limit)
        break
      case 66:
        notePart(point.exemplars, at)
        at = sized(at, limit)
        break
      case 80:
        at = point.flags.read(at, limit)
        break
      case 89:
        at = readMin(at, limit)
        break
      case 97:
        at = readMax(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}
