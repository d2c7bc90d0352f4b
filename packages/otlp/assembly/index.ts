// What TypeScript calls, see `src/decoder/instance.ts`. One batch at a time; nothing here is re-entrant.
import { areKeysOverfull, clearKeys, reconsiderKeys } from './columns/keys'
import { clearTables, encodeTable, tableAt } from './columns/table'
import { defineTables } from './generated/tables'
import { seedTables } from './hash'
import { Buffer } from './memory/buffer'
import * as fields from './protobuf/fields'
import { openBody } from './protobuf/reader'
import { forgetSets, limitAttributes } from './records/attribute-set'
import { numberLogs as writeIds } from './records/log-rows'
import * as state from './records/request-state'
import { walkRequest } from './records/request-walk'

const body = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** To be called once, with a secret that differs from process to process. */
export function initialize(seed: u64): void {
  seedTables(seed)
  defineTables()
}

/** Where to write the name of a space, of so many bytes, before `useSpace`; it takes the place of the one before. */
export function spaceAddress(length: usize): usize {
  state.space.clear()
  state.space.reserve(length)
  state.space.position = state.space.start + length
  return state.space.start
}

/** To be called when the name has been written: the requests that follow are of this space, also those of later batches. */
export function useSpace(): void {
  state.hashSpace()
}

/** Starts a batch, and forgets the one before. The limits are those of `attribute-limits.ts`, the largest u32 for none. */
export function beginBatch(perRecord: u32, valueBytes: u32, maxKeys: u32): void {
  clearTables()
  limitAttributes(perRecord, valueBytes)
  clearKeys(maxKeys)
  forgetSets()
  state.beginBatchState()
}

/** Where to write a body of so many bytes, before `addRequest`; it takes the place of the one before. */
export function bodyAddress(length: usize): usize {
  body.clear()
  body.reserve(length)
  body.position += length
  return body.start
}

/** Adds a request to the batch. */
export function addRequest(signal: i32, start: usize, length: usize, receivedNanos: u64): void {
  state.beginRequestState(receivedNanos)
  fields.clearLostEnums()
  openBody(start)
  walkRequest(signal, start, start + length)
}

/** Gives the accepted log records of a request their ids: to be called once, behind `addRequest`. */
export function numberLogs(count: u32, first: u32, counterBits: u32): void {
  writeIds(count, first, counterBits)
}

/** Works out the roles of all keys again that have this one. */
export function reconsider(role: u32): void {
  reconsiderKeys(role)
}

/** Whether there were more attribute keys in the batch than are told apart. */
export function overfull(): bool {
  return areKeysOverfull()
}

export function accepted(): u32 {
  return state.accepted
}

/** Values of enums that were stored as unspecified, since no column holds them. */
export function lostEnums(): u32 {
  return fields.lostEnums
}

export function untimed(): bool {
  return state.untimed
}

export function rowsOf(table: u32): u32 {
  return tableAt(table).rows
}

/** Writes the block of a table; it lies from `blockStart` to `blockEnd`, until the next batch is encoded. */
export function encode(table: u32): void {
  encodeTable(table)
}

export function blockStart(table: u32): usize {
  return tableAt(table).output.start
}

export function blockEnd(table: u32): usize {
  return tableAt(table).output.position
}

/** Where the announcements of the batch lie. */
export function announcesStart(): usize {
  return state.announces.start
}

export function announcesEnd(): usize {
  return state.announces.position
}
