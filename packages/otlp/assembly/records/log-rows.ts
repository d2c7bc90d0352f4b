// Writes log records into a block of `logs`. A record is read whole before anything of it is written.
import { STRING_VALUE } from '../any-value'
import { LOG_RECORD } from '../generated/messages'
import { logs as columns } from '../generated/tables'
import { enter, messageEnd } from '../protobuf/reader'
import { validateMessage } from '../protobuf/validate'
import { bodyText } from '../text/any-value-text'
import { maxValueBytes } from './attribute-set'
import * as scan from './log-scan'
import { BODY_TOO_LONG, NO_FAULT, TIME_OUT_OF_RANGE } from './rejection-reasons'
import { accept, foundUntimed, received, receivedNanos, space } from './request-state'
import { resourceHash, service, useResource } from './resource-rows'
import { faultAbove, scopeHash, useScope } from './scope-rows'

// `logs.time_source`
const OWN_TIME: u32 = 0
const OBSERVED_TIME: u32 = 1
const RECEIVED_TIME: u32 = 2

/** Bytes of a body that are read to say which record was rejected. */
const LONGEST_SHOWN: usize = 1000

/** Reads and writes one LogRecord field. */
export function readLog(outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  scan.scanLog(start, limit)
  const fault = findFault()
  if (fault !== NO_FAULT) {
    validateMessage(LOG_RECORD, start, limit)
    rejectLog(fault)
  } else {
    scan.observed.clamp()
    writeLog()
  }
  return limit
}

function findFault(): i32 {
  const time = scan.time.value === 0 ? scan.observed : scan.time
  if (time.isBeyondRange) return TIME_OUT_OF_RANGE
  if (scan.body.bytes > maxValueBytes) return BODY_TOO_LONG
  const fault = scan.attributes.fault
  return fault === NO_FAULT ? faultAbove() : fault
}

function rejectLog(fault: i32): void {
  const body = scan.body
  const attributes = scan.attributes
  // Of a body that is too large, only as much is read as is shown, which only a string allows.
  if (body.type === STRING_VALUE) attributes.reject(fault, body.start, min(body.end, body.start + LONGEST_SHOWN))
  else if (body.bytes > LONGEST_SHOWN) attributes.reject(fault, 0, 0)
  else {
    const text = bodyText(body.type, body.bits)
    attributes.reject(fault, text.start, text.position)
  }
}

function writeLog(): void {
  accept(0)
  useResource()
  useScope()
  columns.table.rows++
  columns.space.appendString(space.start, space.length)
  columns.received.push32(received)
  columns.service.appendString(service.start, service.length)
  writeTime()
  columns.observed.push64(scan.observed.value)
  columns.severity.push8(scan.severity.value)
  columns.severityText.appendString(scan.severityText.start, scan.severityText.length)
  columns.traceId.appendId(scan.traceId.start, scan.traceId.length)
  columns.spanId.appendId(scan.spanId.start, scan.spanId.length)
  columns.flags.push32(scan.flags.value)
  columns.eventName.appendString(scan.eventName.start, scan.eventName.length)
  writeBody()
  columns.resHash.push64(resourceHash)
  columns.scopeHash.push64(scopeHash)
  scan.attributes.write(columns.attrS, columns.attrI, columns.attrF, columns.attrB, columns.attrX, false)
  columns.droppedAttributes.push32(scan.droppedAttributes.value)
}

function writeTime(): void {
  if (scan.time.value !== 0) {
    columns.time.push64(scan.time.value)
    columns.timeSource.push8(OWN_TIME)
  } else if (scan.observed.value !== 0) {
    columns.time.push64(scan.observed.value)
    columns.timeSource.push8(OBSERVED_TIME)
  } else {
    columns.time.push64(receivedNanos)
    columns.timeSource.push8(RECEIVED_TIME)
    foundUntimed()
  }
}

function writeBody(): void {
  const body = scan.body
  if (body.type === STRING_VALUE) columns.body.appendString(body.start, body.end - body.start)
  else columns.body.appendText(bodyText(body.type, body.bits))
  columns.bodyType.push8(body.type)
}

/**
 * Gives the records of a request their ids. Each is milliseconds << `counterBits` | a counter, of which `first` is the
 * first that the request has taken.
 */
export function numberLogs(count: u32, first: u32, counterBits: u32): void {
  const milliseconds = receivedNanos / 1_000_000
  const mask = ((<u32>1) << counterBits) - 1
  for (let i: u32 = 0; i < count; i++) {
    columns.recordId.push64((milliseconds << counterBits) | ((first + i) & mask))
  }
}
