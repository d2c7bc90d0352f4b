// What points of every kind have in common, found but not yet written.
import { FixedColumn, LowCardinalityColumn } from '../columns/columns'
import { Buffer } from '../memory/buffer'
import { clearFields, Long, Word } from '../protobuf/fields'
import { AttributeSet, SET_BYTES } from './attribute-set'
import * as metric from './metric-scan'
import {
  METRIC_UNNAMED,
  NO_FAULT,
  POINT_UNTIMED,
  TEMPORALITY_UNSPECIFIED,
  TIME_OUT_OF_RANGE,
} from './rejection-reasons'
import { accept, received, space } from './request-state'
import { faultAbove } from './scope-rows'
import { fingerprint } from './series-rows'

const NO_RECORDED_VALUE: u32 = 1

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 16)
export const time = changetype<Long>(fields)
export const start = changetype<Long>(fields + 8)
export const flags = changetype<Word>(fields + 16)
/** Where the lengths of the exemplar fields stand. */
export const exemplars = changetype<Buffer>(memory.data(offsetof<Buffer>()))
export const attributes = changetype<AttributeSet>(memory.data(SET_BYTES))

export function clearPoint(): void {
  clearFields(fields, FIELD_BYTES)
  exemplars.clear()
  attributes.clearSet()
}

/** Whether the point says that there is a gap here. */
export function isGap(): bool {
  return (flags.value & NO_RECORDED_VALUE) !== 0
}

/** What is wrong with the point, as far as that does not hang on its kind. */
export function pointFault(): i32 {
  if (!metric.hasTemporality()) return TEMPORALITY_UNSPECIFIED
  if (metric.name.length === 0) return METRIC_UNNAMED
  if (time.value === 0) return POINT_UNTIMED
  if (time.isBeyondRange) return TIME_OUT_OF_RANGE
  const fault = attributes.fault
  return fault === NO_FAULT ? faultAbove() : fault
}

/** Writes the columns that every table of points has; to be called after `useSeries`. `parts` are for `accept`. */
export function writePoint(
  spaces: LowCardinalityColumn,
  names: LowCardinalityColumn,
  fingerprints: FixedColumn,
  receiveds: FixedColumn,
  times: FixedColumn,
  starts: FixedColumn,
  flagses: FixedColumn,
  parts: u32 = 0,
): void {
  start.clamp()
  accept(<u32>(exemplars.length >> 2) + parts)
  spaces.appendString(space.start, space.length)
  names.appendString(metric.name.start, metric.name.length)
  fingerprints.push64(fingerprint)
  receiveds.push32(received)
  times.push64(time.value)
  starts.push64(start.value)
  flagses.push32(flags.value)
}
