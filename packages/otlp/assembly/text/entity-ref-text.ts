import { Buffer } from '../memory/buffer'
import { enter, longTag, messageEnd, sized, sizedStart, skip, varintValue } from '../protobuf/reader'
import { appendLiteral, appendQuoted } from './write'

const SCHEMA_URL: u32 = 10
const TYPE: u32 = 18
const ID_KEYS: u32 = 26
const DESCRIPTION_KEYS: u32 = 34
const KINDS: usize = 4
/** The tags of the fields, in the order in which each came first. */
const order: usize = memory.data(KINDS * 4)

/** Reads an EntityRef field and appends its OTLP/JSON text, behind `[` if it is the first, else behind a comma. */
export function addEntityRef(output: Buffer, outer: usize, outerLimit: usize): usize {
  const start = enter(outer, outerLimit)
  const limit = messageEnd
  const count = readOrder(start, limit)
  appendLiteral(output, output.length === 0 ? '[{' : ',{')
  for (let i: usize = 0; i < count; i++) {
    if (i > 0) appendLiteral(output, ',')
    appendMember(output, load<u32>(order + i * 4), start, limit)
  }
  appendLiteral(output, '}')
  return limit
}

function readOrder(start: usize, limit: usize): usize {
  let count: usize = 0
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag !== SCHEMA_URL && tag !== TYPE && tag !== ID_KEYS && tag !== DESCRIPTION_KEYS) {
      at = skip(tag, at, limit)
      continue
    }
    at = sized(at, limit)
    let i: usize = 0
    while (i < count && load<u32>(order + i * 4) !== tag) i++
    if (i === count) store<u32>(order + count++ * 4, tag)
  }
  return count
}

/** Of a text that came several times the last counts; of the keys each does. */
function appendMember(output: Buffer, member: u32, start: usize, limit: usize): void {
  const isList = member === ID_KEYS || member === DESCRIPTION_KEYS
  if (member === SCHEMA_URL) appendLiteral(output, '"schemaUrl":')
  else if (member === TYPE) appendLiteral(output, '"type":')
  else appendLiteral(output, member === ID_KEYS ? '"idKeys":[' : '"descriptionKeys":[')
  let textStart: usize = 0
  let textEnd: usize = 0
  let count = 0
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag !== member) {
      at = skip(tag, at, limit)
      continue
    }
    at = textEnd = sized(at, limit)
    textStart = sizedStart
    if (!isList) continue
    if (count++ > 0) appendLiteral(output, ',')
    appendQuoted(output, textStart, textEnd)
  }
  if (isList) appendLiteral(output, ']')
  else appendQuoted(output, textStart, textEnd)
}
