import { INT, STRING } from '../any-value.ts'
import type { Builders } from '../native/block.ts'
import type { LowCardinalityColumn } from '../native/low-cardinality-column.ts'
import type { NullableStringColumn } from '../native/string-columns.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import {
  DB_SYSTEM,
  DB_SYSTEM_OLD,
  HTTP_METHOD,
  HTTP_METHOD_OLD,
  HTTP_ROUTE,
  HTTP_STATUS,
  HTTP_STATUS_OLD,
  NO_ROLE,
  SESSION_ID,
  URL_FULL,
  USER_ID,
} from '../semantic-conventions.ts'
import { decodeText } from '../text.ts'
import type { AttributeSet } from './attribute-set.ts'

/** Fills the columns of `spans` that hold well-known attributes. The newer name of an attribute goes before the older. */
export function writeHotColumns(reader: ProtobufReader, attributes: AttributeSet, columns: Builders<'spans'>): void {
  copy(reader, attributes, columns.http_method, HTTP_METHOD, HTTP_METHOD_OLD)
  copy(reader, attributes, columns.http_route, HTTP_ROUTE, NO_ROLE)
  copy(reader, attributes, columns.db_system, DB_SYSTEM, DB_SYSTEM_OLD)
  columns.http_status.append(
    statusCode(reader, attributes, HTTP_STATUS) || statusCode(reader, attributes, HTTP_STATUS_OLD),
  )
  move(reader, attributes, columns.url_full, URL_FULL)
  move(reader, attributes, columns.user_id, USER_ID)
  move(reader, attributes, columns.session_id, SESSION_ID)
}

function copy(
  reader: ProtobufReader,
  attributes: AttributeSet,
  column: LowCardinalityColumn,
  role: number,
  olderRole: number,
): void {
  let index = attributes.byRole[role]!
  if (attributes.type(index) !== STRING) index = attributes.byRole[olderRole]!
  if (attributes.type(index) === STRING) column.append(reader.bytes, attributes.first(index), attributes.second(index))
  else column.append(reader.bytes, 0, 0)
}

function move(reader: ProtobufReader, attributes: AttributeSet, column: NullableStringColumn, role: number): void {
  const index = attributes.byRole[role]!
  if (attributes.type(index) === STRING) column.append(reader.bytes, attributes.first(index), attributes.second(index))
  else column.appendNull()
}

/** An HTTP status as a number, given as an int or as digits; 0 for none. */
function statusCode(reader: ProtobufReader, attributes: AttributeSet, role: number): number {
  const index = attributes.byRole[role]!
  const type = attributes.type(index)
  if (type === INT) {
    const code = attributes.first(index)
    return attributes.second(index) === 0 && code > 0 && code <= 0xffff ? code : 0
  }
  if (type !== STRING || attributes.second(index) - attributes.first(index) > 5) return 0
  const text = decodeText(reader.bytes, attributes.first(index), attributes.second(index))
  return /^\d{1,5}$/.test(text) && Number(text) <= 0xffff ? Number(text) : 0
}
