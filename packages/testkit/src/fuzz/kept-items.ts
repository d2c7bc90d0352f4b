import type { Signal } from '../captures.ts'
import { normalItems } from '../otlp-normal-form.ts'
import { maxInt64 } from './any-values.ts'

/** What a server that keeps the rules of ingest makes of a request. */
export interface KeptItems {
  /** In normal form. */
  readonly items: string[]
  readonly rejected: number
}

type Json = Record<string, unknown>

/** @param request as the official definitions decode it, 64-bit integers in decimal */
export function keptItems(signal: Signal, request: object): KeptItems {
  const copy = structuredClone(request) as Json
  let rejected = 0
  const keep = (holder: Json, member: string, rule: (item: Json) => boolean) => {
    const all = list(holder, member)
    const kept = all.filter(rule)
    rejected += all.length - kept.length
    if (all.length > 0) holder[member] = kept
  }
  const { groups, scopes, items } = shapes[signal]
  for (const group of list(copy, groups)) {
    for (const scoped of list(group, scopes)) {
      if (signal === 'traces') keep(scoped, items, isKeptSpan)
      else if (signal === 'logs') keep(scoped, items, isKeptLog)
      else for (const metric of list(scoped, items)) keepPoints(metric, keep)
    }
  }
  return { items: normalItems(signal, copy), rejected }
}

const shapes = {
  traces: { groups: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  logs: { groups: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
  metrics: { groups: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' },
}

function isKeptSpan(span: Json): boolean {
  if (!isId(span['traceId'], 16) || !isId(span['spanId'], 8)) return false
  if (isBeyond(span['startTimeUnixNano']) || isBeyond(span['endTimeUnixNano'])) return false
  narrowEnum(span, 'kind')
  if (span['status']) narrowEnum(span['status'] as Json, 'code')
  for (const event of list(span, 'events')) clamp(event, 'timeUnixNano')
  return true
}

function isKeptLog(record: Json): boolean {
  const { timeUnixNano, observedTimeUnixNano } = record
  if (isBeyond(Number(timeUnixNano ?? 0) === 0 ? observedTimeUnixNano : timeUnixNano)) return false
  clamp(record, 'observedTimeUnixNano')
  narrowEnum(record, 'severityNumber')
  return true
}

function keepPoints(metric: Json, keep: (holder: Json, member: string, rule: (item: Json) => boolean) => void): void {
  for (const kind of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']) {
    const data = metric[kind] as Json | undefined
    if (data === undefined) continue
    const hasTemporality =
      kind === 'gauge' || kind === 'summary' || [1, 2].includes(Number(data['aggregationTemporality']))
    keep(data, 'dataPoints', (point) => {
      if (!hasTemporality || !metric['name']) return false
      if (Number(point['timeUnixNano'] ?? 0) === 0 || isBeyond(point['timeUnixNano'])) return false
      if (kind === 'histogram' && !areBucketsWhole(point)) return false
      clamp(point, 'startTimeUnixNano')
      for (const exemplar of list(point, 'exemplars')) clamp(exemplar, 'timeUnixNano')
      return true
    })
  }
}

/** One more count than bounds, or neither; a gap needs no counts. */
function areBucketsWhole(point: Json): boolean {
  const counts = list(point, 'bucketCounts').length
  const bounds = list(point, 'explicitBounds').length
  const isGap = (Number(point['flags'] ?? 0) & 1) === 1
  return counts === bounds + 1 || (counts === 0 && (bounds === 0 || isGap))
}

function isId(value: unknown, length: number): boolean {
  return value instanceof Uint8Array && value.length === length && value.some((byte) => byte !== 0)
}

function isBeyond(time: unknown): boolean {
  return BigInt((time as string | undefined) ?? 0) > maxInt64
}

/** A time that does not decide about its item is made the last one that can be stored. */
function clamp(holder: Json, member: string): void {
  if (isBeyond(holder[member])) holder[member] = String(maxInt64)
}

/** A number that no definition can have is the same as none. */
function narrowEnum(holder: Json, member: string): void {
  const value = Number(holder[member] ?? 0)
  if (value < 0 || value > 255) delete holder[member]
}

function list(holder: Json, member: string): Json[] {
  return (holder[member] as Json[] | undefined) ?? []
}
