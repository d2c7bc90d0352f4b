import { misaligned } from '../host'
import { Buffer, storeVarint } from '../memory/buffer'
import { Definition } from './definition'
import { clearColumn, columnLength, columnRows, writeColumn } from './native'

/** One Native block of a table while it is filled. The buffer holds the definitions of its columns. */
@unmanaged
export class Table extends Buffer {
  rows: u32

  @inline
  get output(): Buffer {
    return changetype<Buffer>(changetype<usize>(this) + offsetof<Table>())
  }
}

export const TABLE_BYTES: usize = offsetof<Table>() + offsetof<Buffer>()

/** Tables that there may be. */
const MOST_TABLES = 16
const tables: usize = memory.data(MOST_TABLES * 4)
let tableCount: u32 = 0
const headers = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** The table of this number, in the order of `columns.ts`. */
export function tableAt(index: u32): Table {
  return changetype<Table>(load<usize>(tables + <usize>index * 4))
}

export function defineTable(table: Table): void {
  store<usize>(tables + <usize>tableCount * 4, changetype<usize>(table))
  tableCount++
}

/** Adds a column to a table, once for good. */
export function defineColumn(
  table: Table,
  column: usize,
  kind: i32,
  inner: i32,
  width: u32,
  name: string,
  type: string,
): void {
  table.reserve(offsetof<Definition>())
  const definition = changetype<Definition>(table.position)
  table.position += offsetof<Definition>()
  definition.column = column
  definition.kind = kind
  definition.inner = inner
  definition.width = width
  definition.header = <u32>headers.length
  appendAscii(name)
  appendAscii(type)
  definition.headerLength = <u32>headers.length - definition.header
}

export function clearTables(): void {
  for (let index: u32 = 0; index < tableCount; index++) {
    const table = tableAt(index)
    table.rows = 0
    for (let at = table.start; at < table.position; at += offsetof<Definition>())
      clearColumn(changetype<Definition>(at))
  }
}

/** Writes the block of a table to its `output`. */
export function encodeTable(index: u32): void {
  const table = tableAt(index)
  const output = table.output
  const columns = <u32>(table.length / offsetof<Definition>())
  let bytes: usize = 10
  for (let column: u32 = 0; column < columns; column++) {
    const definition = changetype<Definition>(table.start + column * offsetof<Definition>())
    const rows = columnRows(definition)
    if (rows !== table.rows) misaligned(index, column, rows, table.rows)
    bytes += definition.headerLength + columnLength(definition)
  }
  output.clear()
  output.reserve(bytes)
  output.position = storeVarint(storeVarint(output.position, columns), table.rows)
  for (let at = table.start; at < table.position; at += offsetof<Definition>()) {
    const definition = changetype<Definition>(at)
    output.append(headers.start + definition.header, definition.headerLength)
    writeColumn(output, definition)
  }
}

function appendAscii(text: string): void {
  headers.pushVarint(text.length)
  for (let i = 0; i < text.length; i++) headers.push8(text.charCodeAt(i))
}
