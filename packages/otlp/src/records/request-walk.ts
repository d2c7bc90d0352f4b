import type { ProtobufReader } from '../protobuf/reader.ts'
import type { ResourceRows } from './resource-rows.ts'
import type { ScopeRows } from './scope-rows.ts'

const RESOURCE_OR_SCOPE = 10
const CHILDREN = 18
const SCHEMA_URL = 26

/** Takes the items (spans, log records or metrics) of a request one by one. */
export interface ItemWriter {
  /** Reads one item field. */
  read(): void
}

/**
 * Walks an Export request. All three signals have the same shape: resources, in them scopes, in them items, each level
 * with its head in field 1, its children in field 2 and a schema URL in field 3. The fields may come in any order, so
 * each level is read for its head first and for its children after.
 */
export function walkRequest(
  reader: ProtobufReader,
  resources: ResourceRows,
  scopes: ScopeRows,
  items: ItemWriter,
): void {
  while (reader.more) {
    const tag = reader.tag()
    if (tag === RESOURCE_OR_SCOPE) walkLevel(reader, resources, () => walkLevel(reader, scopes, () => items.read()))
    else reader.skip(tag)
  }
}

function walkLevel(reader: ProtobufReader, head: ResourceRows | ScopeRows, child: () => void): void {
  const outer = reader.enter()
  const start = reader.position
  head.begin()
  while (reader.more) {
    const tag = reader.tag()
    if (tag === RESOURCE_OR_SCOPE) head.read()
    else if (tag === SCHEMA_URL) {
      const end = reader.sized()
      head.schemaUrl(reader.start, end)
    } else reader.skip(tag)
  }
  head.complete()
  reader.position = start
  while (reader.more) {
    const tag = reader.tag()
    if (tag === CHILDREN) child()
    else reader.skip(tag)
  }
  reader.leave(outer)
}
