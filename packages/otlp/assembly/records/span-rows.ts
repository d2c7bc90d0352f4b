// Writes spans into a block of `spans`. A span is read whole before anything of it is written.

import { SPAN } from '../generated/messages'
import { spans as columns } from '../generated/tables'
import { adjustedCount } from '../host'
import { enter, messageEnd } from '../protobuf/reader'
import { validateMessage } from '../protobuf/validate'
import { writeHotColumns } from './hot-columns'
import { INVALID_SPAN_ID, INVALID_TRACE_ID, NO_FAULT, TIME_OUT_OF_RANGE } from './rejection-reasons'
import { accept, foundUntimed, received, space } from './request-state'
import { resourceHash, service, useResource } from './resource-rows'
import { faultAbove, scopeHash, useScope } from './scope-rows'
import { spanErrorGroup } from './span-error-group'
import { beginEvents, endEventsRow, hasException, writeEvent } from './span-events'
import { endLinksRow, writeLink } from './span-links'
import * as scan from './span-scan'

const STATUS_ERROR: u32 = 2

/** Reads and writes one Span field. */
export function readSpan(outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  scan.scanSpan(start, limit)
  const fault = findFault()
  if (fault === NO_FAULT) writeSpan(limit)
  else {
    validateMessage(SPAN, start, limit)
    scan.attributes.reject(fault, scan.name.start, scan.name.end)
  }
  return limit
}

function findFault(): i32 {
  const traceId = scan.traceId.start
  const isTraced = scan.traceId.length === 16 && (load<u64>(traceId) | load<u64>(traceId, 8)) !== 0
  if (!isTraced) return INVALID_TRACE_ID
  if (scan.spanId.length !== 8 || load<u64>(scan.spanId.start) === 0) return INVALID_SPAN_ID
  if (scan.start.isBeyondRange || scan.end.isBeyondRange) return TIME_OUT_OF_RANGE
  const fault = scan.attributes.fault
  return fault === NO_FAULT ? faultAbove() : fault
}

function writeSpan(limit: usize): void {
  accept(<u32>((scan.events.length + scan.links.length) >> 2))
  if ((scan.start.value | scan.end.value) === 0) foundUntimed()
  useResource()
  useScope()
  columns.table.rows++
  columns.space.appendString(space.start, space.length)
  columns.received.push32(received)
  columns.service.appendString(service.start, service.length)
  columns.start.push64(scan.start.value)
  columns.duration.push64(scan.end.value - scan.start.value)
  columns.traceId.appendId(scan.traceId.start, scan.traceId.length)
  columns.spanId.appendId(scan.spanId.start, scan.spanId.length)
  columns.parentId.appendId(scan.parentId.start, scan.parentId.length)
  columns.traceState.appendString(scan.traceState.start, scan.traceState.length)
  columns.flags.push32(scan.flags.value)
  columns.name.appendString(scan.name.start, scan.name.length)
  columns.kind.push8(scan.kind.value)
  columns.status.push8(scan.status.value)
  columns.statusMessage.appendString(scan.statusMessage.start, scan.statusMessage.length)
  columns.adjustedCount.push32(reinterpret<u32>(countOf()))
  columns.resHash.push64(resourceHash)
  columns.scopeHash.push64(scopeHash)
  writeHotColumns(scan.attributes)
  scan.attributes.write(columns.attrS, columns.attrI, columns.attrF, columns.attrB, columns.attrX, true)
  columns.droppedAttributes.push32(scan.droppedAttributes.value)
  columns.droppedEvents.push32(scan.droppedEvents.value)
  columns.droppedLinks.push32(scan.droppedLinks.value)
  writeEventsAndLinks(limit)
  columns.errorGroup.push64(scan.status.value === STATUS_ERROR || hasException ? spanErrorGroup() : 0)
}

function countOf(): f32 {
  return scan.traceState.length === 0 ? 1 : adjustedCount(scan.traceState.start, scan.traceState.end)
}

function writeEventsAndLinks(limit: usize): void {
  const events = scan.events
  const links = scan.links
  beginEvents()
  for (let at = events.start; at < events.position; at += 4) writeEvent(load<u32>(at), limit)
  endEventsRow(<u32>(events.length >> 2))
  for (let at = links.start; at < links.position; at += 4) writeLink(load<u32>(at), limit)
  endLinksRow(<u32>(links.length >> 2))
}
