import { INT_VALUE, STRING_VALUE } from '../any-value'
import { LowCardinalityColumn, NullableStringColumn } from '../columns/columns'
import { spans as columns } from '../generated/tables'
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
} from '../semantic-conventions'
import { AttributeSet } from './attribute-set'
import { Value } from './value-scan'

/** Fills the columns of `spans` that hold well-known attributes. The newer name of an attribute goes before the older. */
export function writeHotColumns(attributes: AttributeSet): void {
  copy(attributes, columns.httpMethod, HTTP_METHOD, HTTP_METHOD_OLD)
  copy(attributes, columns.httpRoute, HTTP_ROUTE, NO_ROLE)
  copy(attributes, columns.dbSystem, DB_SYSTEM, DB_SYSTEM_OLD)
  const status = statusCode(attributes, HTTP_STATUS)
  columns.httpStatus.push16(status !== 0 ? status : statusCode(attributes, HTTP_STATUS_OLD))
  move(attributes, columns.urlFull, URL_FULL)
  move(attributes, columns.userId, USER_ID)
  move(attributes, columns.sessionId, SESSION_ID)
}

function copy(attributes: AttributeSet, column: LowCardinalityColumn, role: u32, olderRole: u32): void {
  let found = attributes.ofRole(role, STRING_VALUE)
  if (found === 0) found = attributes.ofRole(olderRole, STRING_VALUE)
  const value = changetype<Value>(found)
  if (found === 0) column.appendString(0, 0)
  else column.appendString(value.start, value.end - value.start)
}

function move(attributes: AttributeSet, column: NullableStringColumn, role: u32): void {
  const found = attributes.ofRole(role, STRING_VALUE)
  const value = changetype<Value>(found)
  if (found === 0) column.appendNull()
  else column.appendString(value.start, value.end - value.start)
}

const MAX_DIGITS: usize = 5

/** An HTTP status as a number, given as an int or as digits; 0 for none. */
function statusCode(attributes: AttributeSet, role: u32): u32 {
  const int = attributes.ofRole(role, INT_VALUE)
  if (int !== 0) {
    const code = changetype<Value>(int).bits
    return code <= 0xffff ? <u32>code : 0
  }
  const text = attributes.ofRole(role, STRING_VALUE)
  if (text === 0) return 0
  const value = changetype<Value>(text)
  if (value.end - value.start > MAX_DIGITS) return 0
  let code: u32 = 0
  for (let at = value.start; at < value.end; at++) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9) return 0
    code = code * 10 + digit
  }
  return code <= 0xffff ? code : 0
}
