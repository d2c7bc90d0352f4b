// The series that the points of a request belong to, and their rows of `metric_series`.
import { metricSeries as columns } from '../generated/tables'
import { Hash64 } from '../hash'
import { admits } from '../host'
import { Buffer } from '../memory/buffer'
import { AttributeSet } from './attribute-set'
import * as metric from './metric-scan'
import { announce, isRefused, received, refuseLast, SERIES, seriesSpaceHash, space } from './request-state'
import { resourceHash, service, useResource } from './resource-rows'
import { scopeHash, useScope } from './scope-rows'

const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))
/** Bucket bounds of points that have none. */
export const NO_BOUNDS = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** Identity of the series of the point that `useSeries` was called for last. */
export let fingerprint: u64 = 0

/**
 * To be called for each point that is kept: works out its series, and writes the series' row where it is not stored yet.
 * `bounds` are the bucket bounds of an explicit histogram, as doubles. Answers false when it would be one series too
 * many; the point is not to be kept then.
 */
export function useSeries(attributes: AttributeSet, bounds: Buffer): bool {
  // What a space holds never shares a fingerprint with what another holds.
  hash.begin(SERIES).pair(seriesSpaceHash).pair(metric.metricHash).pair(resourceHash).pair(scopeHash)
  attributes.addTo(hash)
  fingerprint = hash.words(bounds.start, bounds.position).finish()
  if (isRefused(fingerprint)) return false
  if (announce(SERIES, fingerprint)) {
    if (!admits(metric.name.start, metric.name.end, service.start, service.end)) {
      refuseLast(fingerprint)
      return false
    }
    writeSeries(attributes, bounds)
  }
  useResource()
  useScope()
  return true
}

function writeSeries(attributes: AttributeSet, bounds: Buffer): void {
  columns.table.rows++
  columns.space.appendString(space.start, space.length)
  columns.received.push32(received)
  columns.name.appendString(metric.name.start, metric.name.length)
  columns.fingerprint.push64(fingerprint)
  columns.type.push8(metric.type.value)
  columns.temporality.push8(metric.temporality.value)
  columns.monotonic.push8(metric.monotonic.value)
  columns.unit.appendString(metric.unit.start, metric.unit.length)
  columns.description.appendString(metric.description.start, metric.description.length)
  columns.metadata.appendText(metric.metadata)
  columns.bounds.elements.append(bounds.start, bounds.length)
  columns.bounds.endRow(<u32>(bounds.length >> 3))
  columns.service.appendString(service.start, service.length)
  columns.resHash.push64(resourceHash)
  columns.scopeHash.push64(scopeHash)
  attributes.write(columns.attrS, columns.attrI, columns.attrF, columns.attrB, columns.attrX, false)
}
