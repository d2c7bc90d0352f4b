// Walks an Export request. All three signals have the same shape: resources, in them scopes, in them items, each level
// with its head in field 1, its children in field 2 and a schema URL in field 3. The fields may come in any order, so
// each level is read for its head first and for its children after.
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import { readLog } from './log-rows'
import { readMetric } from './metric-rows'
import { countContainer, countItem } from './request-state'
import { beginResource, completeResource, readResource, readResourceSchemaUrl } from './resource-rows'
import { beginScope, completeScope, readScope, readScopeSchemaUrl } from './scope-rows'
import { readSpan } from './span-rows'

const HEAD: u32 = 10
const CHILDREN: u32 = 18
const SCHEMA_URL: u32 = 26

// Signals; traces are 0.
const LOGS = 1
const METRICS = 2

export function walkRequest(signal: i32, start: usize, limit: usize): void {
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    at = tag === HEAD ? walkResource(signal, at, limit) : skip(tag, at, limit)
  }
}

function walkResource(signal: i32, outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  countContainer()
  beginResource()
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === HEAD) at = readResource(at, limit)
    else if (tag === SCHEMA_URL) at = readResourceSchemaUrl(at, limit)
    else at = skip(tag, at, limit)
  }
  completeResource()
  at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    at = tag === CHILDREN ? walkScope(signal, at, limit) : skip(tag, at, limit)
  }
  return limit
}

function walkScope(signal: i32, outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  countContainer()
  beginScope()
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === HEAD) at = readScope(at, limit)
    else if (tag === SCHEMA_URL) at = readScopeSchemaUrl(at, limit)
    else at = skip(tag, at, limit)
  }
  completeScope()
  at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    at = tag === CHILDREN ? readItem(signal, at, limit) : skip(tag, at, limit)
  }
  return limit
}

function readItem(signal: i32, at: usize, limit: usize): usize {
  if (signal === METRICS) return readMetric(at, limit)
  countItem()
  return signal === LOGS ? readLog(at, limit) : readSpan(at, limit)
}
