// Columns in ClickHouse's Native format.
import { Buffer } from '../memory/buffer'
import {
  ArrayColumn,
  FixedColumn,
  LowCardinalityColumn,
  MapColumn,
  NullableStringColumn,
  StringColumn,
} from './columns'
import { ARRAY, Definition, LOW_CARDINALITY, MAP, NULLABLE_STRING, STRING } from './definition'
import { indexWidth, writeIndexes } from './indexes'
import { appendKeyEntry, keyEntryBytes } from './keys'

const HAS_ADDITIONAL_KEYS: u32 = 1 << 9
const VERSION: u64 = 1

export function columnRows(definition: Definition): u32 {
  const column = definition.column
  switch (definition.kind) {
    case MAP:
      return <u32>(changetype<MapColumn>(column).length >> 3)
    case ARRAY:
      return <u32>(changetype<Buffer>(column).length >> 3)
    default:
      return plainRows(column, definition.kind, definition.width)
  }
}

/** Bytes that `writeColumn` writes, or more. */
export function columnLength(definition: Definition): usize {
  const column = definition.column
  const rows = changetype<Buffer>(column).length
  if (definition.kind === MAP) {
    const map = changetype<MapColumn>(column)
    return 8 + rows + 24 + keyBytes(map) + map.pairs.length + map.values.length
  }
  if (definition.kind === ARRAY) return 8 + rows + plainLength(elementsOf(column), definition.inner)
  return 8 + plainLength(column, definition.kind)
}

export function writeColumn(output: Buffer, definition: Definition): void {
  const column = definition.column
  const buffer = changetype<Buffer>(column)
  if (isVersioned(definition)) output.push64(VERSION)
  if (definition.kind === MAP) writeMap(output, changetype<MapColumn>(column))
  else if (definition.kind === ARRAY) {
    output.append(buffer.start, buffer.length)
    writePlain(output, elementsOf(column), definition.inner)
  } else writePlain(output, column, definition.kind)
}

/** Forgets all rows, keeps the memory. */
export function clearColumn(definition: Definition): void {
  const column = definition.column
  if (definition.kind === MAP) {
    const map = changetype<MapColumn>(column)
    map.clear()
    map.pairs.clear()
    map.usedKeys.clear()
    clearPlain(changetype<usize>(map.values), definition.inner)
  } else if (definition.kind === ARRAY) {
    changetype<ArrayColumn<FixedColumn>>(column).clearRows()
    clearPlain(elementsOf(column), definition.inner)
  } else clearPlain(column, definition.kind)
}

function elementsOf(column: usize): usize {
  return changetype<usize>(changetype<ArrayColumn<FixedColumn>>(column).elements)
}

function isVersioned(definition: Definition): bool {
  return definition.kind === LOW_CARDINALITY || definition.kind === MAP || definition.inner === LOW_CARDINALITY
}

function plainRows(column: usize, kind: i32, width: u32): u32 {
  const buffer = changetype<Buffer>(column)
  switch (kind) {
    case STRING:
      return changetype<StringColumn>(column).rows
    case NULLABLE_STRING:
      return <u32>buffer.length
    case LOW_CARDINALITY:
      return <u32>(buffer.length >> 2)
    default:
      return <u32>buffer.length / width
  }
}

function plainLength(column: usize, kind: i32): usize {
  const own = changetype<Buffer>(column).length
  if (kind === NULLABLE_STRING) return own + changetype<NullableStringColumn>(column).values.length
  if (kind === LOW_CARDINALITY) return 24 + own + changetype<LowCardinalityColumn>(column).dictionary.length
  return own
}

function writePlain(output: Buffer, column: usize, kind: i32): void {
  const buffer = changetype<Buffer>(column)
  if (kind === LOW_CARDINALITY) {
    writeLowCardinality(output, changetype<LowCardinalityColumn>(column))
    return
  }
  output.append(buffer.start, buffer.length)
  if (kind !== NULLABLE_STRING) return
  const values = changetype<NullableStringColumn>(column).values
  output.append(values.start, values.length)
}

function clearPlain(column: usize, kind: i32): void {
  changetype<Buffer>(column).clear()
  if (kind === STRING) changetype<StringColumn>(column).rows = 0
  else if (kind === NULLABLE_STRING) {
    const values = changetype<NullableStringColumn>(column).values
    values.clear()
    values.rows = 0
  } else if (kind === LOW_CARDINALITY) changetype<LowCardinalityColumn>(column).dictionary.clearAll()
}

/** Flags, key count, keys, row count, indexes. Nothing at all for no rows. */
function writeLowCardinality(output: Buffer, column: LowCardinalityColumn): void {
  if (column.length === 0) return
  const size = column.dictionary.size
  writeCounts(output, size)
  output.append(column.dictionary.start, column.dictionary.length)
  writeIndexes(output, column, size)
}

function writeMap(output: Buffer, map: MapColumn): void {
  output.append(map.start, map.length)
  if (map.pairs.length > 0) {
    const used = map.usedKeys
    writeCounts(output, <u32>(used.length >> 2))
    for (let at = used.start; at < used.position; at += 4) appendKeyEntry(output, load<u32>(at))
    writeIndexes(output, map.pairs, <u32>(used.length >> 2))
  }
  output.append(map.values.start, map.values.length)
}

function writeCounts(output: Buffer, keyCount: u32): void {
  output.push64(HAS_ADDITIONAL_KEYS | (indexWidth(keyCount) >> 1))
  output.push64(keyCount)
}

function keyBytes(map: MapColumn): usize {
  let bytes: usize = 0
  const used = map.usedKeys
  for (let at = used.start; at < used.position; at += 4) bytes += keyEntryBytes(load<u32>(at))
  return bytes
}
