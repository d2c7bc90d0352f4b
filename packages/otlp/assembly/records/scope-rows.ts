// The instrumentation scope whose items are being read, and its row of `scopes`.
import { scopes as columns } from '../generated/tables'
import { Hash64 } from '../hash'
import { clearFields, Range, Word } from '../protobuf/fields'
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import { AttributeSet, SET_BYTES } from './attribute-set'
import { NO_FAULT } from './rejection-reasons'
import { announce, received, SCOPES, space } from './request-state'
import { resourceFault } from './resource-rows'

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 8)
const name = changetype<Range>(fields)
const version = changetype<Range>(fields + 8)
const schemaUrl = changetype<Range>(fields + 16)
const dropped = changetype<Word>(fields + 24)
const attributes = changetype<AttributeSet>(memory.data(SET_BYTES))
const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))
let stored = false

/** Identity of the current scope: name, version, attributes in any order, dropped count, schema URL. */
export let scopeHash: u64 = 0
/** What is wrong with the attributes of the current scope, if anything: it costs all items below. */
export let scopeFault: i32 = NO_FAULT

export function beginScope(): void {
  attributes.clearSet()
  clearFields(fields, FIELD_BYTES)
  stored = false
}

/** Reads an InstrumentationScope field; several add up to one. */
export function readScope(outer: usize, outerLimit: usize): usize {
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 10) at = name.read(at, limit)
    else if (tag === 18) at = version.read(at, limit)
    else if (tag === 26) at = attributes.add(at, limit)
    else if (tag === 32) at = dropped.read(at, limit)
    else at = skip(tag, at, limit)
  }
  return limit
}

export function readScopeSchemaUrl(at: usize, limit: usize): usize {
  return schemaUrl.read(at, limit)
}

/** To be called when the scope has been read and its items have not. */
export function completeScope(): void {
  scopeFault = attributes.fault
  if (scopeFault !== NO_FAULT) return
  attributes.addTo(hash.begin(SCOPES))
  scopeHash = hash
    .bytes(name.start, name.end)
    .bytes(version.start, version.end)
    .word(dropped.value)
    .bytes(schemaUrl.start, schemaUrl.end)
    .finish()
}

/** What is wrong with the resource or the scope that an item is in. */
export function faultAbove(): i32 {
  return resourceFault === NO_FAULT ? scopeFault : resourceFault
}

/** To be called for each item that is kept: the first time, the scope's own row is written. */
export function useScope(): void {
  if (!stored) writeRow()
}

function writeRow(): void {
  stored = true
  if (!announce(SCOPES, scopeHash)) return
  columns.table.rows++
  columns.space.appendString(space.start, space.length)
  columns.received.push32(received)
  columns.hash.push64(scopeHash)
  columns.name.appendString(name.start, name.length)
  columns.version.appendString(version.start, version.length)
  columns.schemaUrl.appendString(schemaUrl.start, schemaUrl.length)
  attributes.write(columns.attrS, columns.attrI, columns.attrF, columns.attrB, columns.attrX, false)
  columns.droppedAttributes.push32(dropped.value)
}
