// Writes metrics: their series once, their points into the table of their kind. A point counts as one item.
import {
  EXPONENTIAL_HISTOGRAM_DATA_POINT,
  HISTOGRAM_DATA_POINT,
  NUMBER_DATA_POINT,
  SUMMARY_DATA_POINT,
} from '../generated/messages'
import { reject } from '../host'
import { Range } from '../protobuf/fields'
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import { validateMessage } from '../protobuf/validate'
import { readExponentialHistogramPoint } from './exponential-histogram-points'
import { readHistogramPoint } from './histogram-points'
import * as metric from './metric-scan'
import { readNumberPoint } from './number-points'
import { NO_FAULT } from './rejection-reasons'
import { countContainer, countItem } from './request-state'
import { readSummaryPoint } from './summary-points'

const DATA_POINTS: u32 = 10

/** Reads and writes one Metric field. */
export function readMetric(outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  countContainer()
  metric.scanMetric(start, limit)
  const data = metric.data
  for (let at = data.start; at < data.position; at += offsetof<Range>()) {
    readPoints(changetype<Range>(at).start, changetype<Range>(at).end)
  }
  return limit
}

function readPoints(from: usize, limit: usize): void {
  let at = from
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    at = tag === DATA_POINTS ? readPoint(at, limit) : skip(tag, at, limit)
  }
}

function readPoint(outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  countItem()
  const fault = writePoint(start, limit)
  if (fault === NO_FAULT) return limit
  validateMessage(messageOfPoint(), start, limit)
  reject(fault, metric.name.start, metric.name.end, 0, 0)
  return limit
}

function writePoint(start: usize, limit: usize): i32 {
  switch (metric.type.value) {
    case metric.HISTOGRAM:
      return readHistogramPoint(start, limit)
    case metric.EXPONENTIAL_HISTOGRAM:
      return readExponentialHistogramPoint(start, limit)
    case metric.SUMMARY:
      return readSummaryPoint(start, limit)
    default:
      return readNumberPoint(start, limit)
  }
}

function messageOfPoint(): i32 {
  switch (metric.type.value) {
    case metric.HISTOGRAM:
      return HISTOGRAM_DATA_POINT
    case metric.EXPONENTIAL_HISTOGRAM:
      return EXPONENTIAL_HISTOGRAM_DATA_POINT
    case metric.SUMMARY:
      return SUMMARY_DATA_POINT
    default:
      return NUMBER_DATA_POINT
  }
}
