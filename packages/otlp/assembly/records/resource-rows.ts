// The resource whose items are being read, and its row of `resources`.
import { STRING_VALUE } from '../any-value'
import { resources as columns } from '../generated/tables'
import { Hash64 } from '../hash'
import { Buffer } from '../memory/buffer'
import { Range, Word } from '../protobuf/fields'
import { enter, fail, longTag, messageEnd, skip, TOO_MANY_ENTITY_REFS, varintValue } from '../protobuf/reader'
import { SERVICE_NAME } from '../semantic-conventions'
import { addEntityRef } from '../text/entity-ref-text'
import { AttributeSet, SET_BYTES } from './attribute-set'
import { NO_FAULT } from './rejection-reasons'
import { announce, RESOURCES, received, space } from './request-state'
import { Value } from './value-scan'

/** `unknown_service` */
const unknownService = memory.data<u8>([117, 110, 107, 110, 111, 119, 110, 95, 115, 101, 114, 118, 105, 99, 101])
const UNKNOWN_SERVICE_BYTES: usize = 15
/** A resource belongs to a handful of entities. */
const MAX_ENTITY_REFS: u32 = 1000

const attributes = changetype<AttributeSet>(memory.data(SET_BYTES))
/** The entity refs as an OTLP/JSON list that is not closed yet; empty for none. */
const entityRefs = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const schemaUrl = changetype<Range>(memory.data(offsetof<Range>()))
const dropped = changetype<Word>(memory.data(offsetof<Word>()))
const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))
let refCount: u32 = 0
let stored = false

/** The service name of the current resource. */
export const service = changetype<Range>(memory.data(offsetof<Range>()))
/** Identity of the current resource: attributes in any order, dropped count, entity refs, schema URL. */
export let resourceHash: u64 = 0
/** What is wrong with the attributes of the current resource, if anything: it costs all items below. */
export let resourceFault: i32 = NO_FAULT

export function beginResource(): void {
  attributes.clearSet()
  entityRefs.clear()
  refCount = 0
  dropped.value = 0
  schemaUrl.start = schemaUrl.end = 0
  stored = false
}

/** Reads a Resource field; several add up to one. */
export function readResource(outer: usize, outerLimit: usize): usize {
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 10) at = attributes.add(at, limit)
    else if (tag === 16) at = dropped.read(at, limit)
    else if (tag === 26) {
      at = addEntityRef(entityRefs, at, limit)
      if (refCount++ === MAX_ENTITY_REFS) fail(TOO_MANY_ENTITY_REFS, at)
    } else at = skip(tag, at, limit)
  }
  return limit
}

export function readResourceSchemaUrl(at: usize, limit: usize): usize {
  return schemaUrl.read(at, limit)
}

/** To be called when the resource has been read and its items have not. */
export function completeResource(): void {
  resourceFault = attributes.fault
  if (resourceFault !== NO_FAULT) return
  attributes.addTo(hash.begin(RESOURCES))
  const refs = entityRefs.length === 0 ? entityRefs.start : entityRefs.start + 1
  resourceHash = hash
    .word(dropped.value)
    .bytes(schemaUrl.start, schemaUrl.end)
    .bytes(refs, entityRefs.position)
    .finish()
  const name = attributes.ofRole(SERVICE_NAME, STRING_VALUE)
  if (name !== 0 && changetype<Value>(name).end > changetype<Value>(name).start) {
    service.start = changetype<Value>(name).start
    service.end = changetype<Value>(name).end
  } else {
    service.start = unknownService
    service.end = unknownService + UNKNOWN_SERVICE_BYTES
  }
}

/** To be called for each item that is kept: the first time, the resource's own row is written. */
export function useResource(): void {
  if (!stored) writeRow()
}

function writeRow(): void {
  stored = true
  if (!announce(RESOURCES, resourceHash)) return
  columns.table.rows++
  columns.space.appendString(space.start, space.length)
  columns.received.push32(received)
  columns.hash.push64(resourceHash)
  columns.service.appendString(service.start, service.length)
  columns.schemaUrl.appendString(schemaUrl.start, schemaUrl.length)
  attributes.write(columns.attrS, columns.attrI, columns.attrF, columns.attrB, columns.attrX, false)
  columns.droppedAttributes.push32(dropped.value)
  if (entityRefs.length > 0) {
    entityRefs.push8(0x5d)
    columns.entityRefs.appendText(entityRefs)
    entityRefs.position--
  } else columns.entityRefs.appendString(0, 0)
}
