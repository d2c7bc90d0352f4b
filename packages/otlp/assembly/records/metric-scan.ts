// One metric without its points: what all its series have in common.
import { Hash64 } from '../hash'
import { Buffer } from '../memory/buffer'
import { clearFields, Range, Word } from '../protobuf/fields'
import { longTag, sized, sizedStart, skip, varint, varintValue } from '../protobuf/reader'
import { addToText, attributesText, clearAttributesText } from '../text/attributes-text'
import { countContainer, SERIES } from './request-state'

// `metric_series.type`
export const NO_DATA: u32 = 0
export const GAUGE: u32 = 1
export const SUM: u32 = 2
export const HISTOGRAM: u32 = 3
export const EXPONENTIAL_HISTOGRAM: u32 = 4
export const SUMMARY: u32 = 5

const DELTA: u32 = 1
const CUMULATIVE: u32 = 2

const FIELD_BYTES: usize = 48
const fields: usize = memory.data(FIELD_BYTES, 16)
export const name = changetype<Range>(fields)
export const description = changetype<Range>(fields + 8)
export const unit = changetype<Range>(fields + 16)
export const type = changetype<Word>(fields + 24)
export const temporality = changetype<Word>(fields + 28)
export const monotonic = changetype<Word>(fields + 32)
/** `metric_series.metadata`. */
export const metadata = changetype<Buffer>(memory.data(offsetof<Buffer>()))
/** Where the data messages lie. More than one only when a client sent the field twice. */
export const data = changetype<Buffer>(memory.data(offsetof<Buffer>()))
export let metricHash: u64 = 0
const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))

/** Whether the points may be stored: gauges and summaries have no temporality, the others need one. */
export function hasTemporality(): bool {
  const value = temporality.value
  return type.value === GAUGE || type.value === SUMMARY || value === DELTA || value === CUMULATIVE
}

/** Reads a Metric message, except its points. */
export function scanMetric(from: usize, limit: usize): void {
  clearFields(fields, FIELD_BYTES)
  data.clear()
  clearAttributesText()
  let at = from
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 10:
        at = name.read(at, limit)
        break
      case 18:
        at = description.read(at, limit)
        break
      case 26:
        at = unit.read(at, limit)
        break
      case 42:
        at = foundData(GAUGE, at, limit)
        break
      case 58:
        at = foundData(SUM, at, limit)
        break
      case 74:
        at = foundData(HISTOGRAM, at, limit)
        break
      case 82:
        at = foundData(EXPONENTIAL_HISTOGRAM, at, limit)
        break
      case 90:
        at = foundData(SUMMARY, at, limit)
        break
      case 98:
        at = addToText(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
  for (let range = data.start; range < data.position; range += offsetof<Range>()) {
    readDataHead(changetype<Range>(range).start, changetype<Range>(range).end)
  }
  const text = attributesText()
  metadata.clear()
  metadata.append(text.start, text.length)
  computeHash()
}

/** The variants are a oneof: another one replaces what was there, the same one again adds to it. */
function foundData(variant: u32, at: usize, limit: usize): usize {
  if (type.value !== variant) data.clear()
  type.value = variant
  countContainer()
  const end = sized(at, limit)
  data.push32(<u32>sizedStart)
  data.push32(<u32>end)
  return end
}

function readDataHead(from: usize, limit: usize): void {
  const isTemporal = type.value >= SUM && type.value <= EXPONENTIAL_HISTOGRAM
  let at = from
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 16 && isTemporal) at = temporality.read(at, limit)
    else if (tag === 24 && type.value === SUM) {
      at = varint(at, limit)
      monotonic.value = varintValue === 0 ? 0 : 1
    } else at = skip(tag, at, limit)
  }
}

function computeHash(): void {
  metricHash = hash
    .begin(SERIES)
    .word((type.value << 8) | (temporality.value << 1) | monotonic.value)
    .bytes(name.start, name.end)
    .bytes(unit.start, unit.end)
    .bytes(description.start, description.end)
    .bytes(metadata.start, metadata.position)
    .finish()
}
