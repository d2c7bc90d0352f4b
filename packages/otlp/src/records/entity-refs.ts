import type { ProtobufReader } from '../protobuf/reader.ts'
import { decodeText } from '../text.ts'

/** Reads an EntityRef field: its OTLP/JSON text. */
export function entityRefText(reader: ProtobufReader): string {
  const ref: { schemaUrl?: string; type?: string; idKeys?: string[]; descriptionKeys?: string[] } = {}
  const outer = reader.enter()
  while (reader.more) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        ref.schemaUrl = text(reader)
        break
      case 18:
        ref.type = text(reader)
        break
      case 26:
        ref.idKeys ??= []
        ref.idKeys.push(text(reader))
        break
      case 34:
        ref.descriptionKeys ??= []
        ref.descriptionKeys.push(text(reader))
        break
      default:
        reader.skip(tag)
    }
  }
  reader.leave(outer)
  return JSON.stringify(ref)
}

function text(reader: ProtobufReader): string {
  const end = reader.sized()
  return decodeText(reader.bytes, reader.start, end)
}
