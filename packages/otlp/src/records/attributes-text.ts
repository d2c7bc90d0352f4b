import { BOOL, STRING } from '../any-value.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { decodeText } from '../text.ts'
import { anyValueText } from './any-value-text.ts'
import { ValueScan } from './value-scan.ts'

/** Collects KeyValue fields into the text of one JSON object. */
export class AttributesText {
  readonly #values = new Map<string, string>()
  /** The string values by key. */
  readonly strings = new Map<string, string>()
  readonly #scan = new ValueScan()

  clear(): void {
    this.#values.clear()
    this.strings.clear()
  }

  /** Reads one KeyValue field. Of several with the same key the last counts. */
  add(reader: ProtobufReader): void {
    const outer = reader.enter()
    let key = ''
    let value = '{}'
    let plain: string | undefined
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 10) {
        const end = reader.sized()
        key = decodeText(reader.bytes, reader.start, end)
      } else if (tag === 18) {
        const before = reader.position
        this.#scan.clear()
        this.#scan.read(reader)
        plain = undefined
        if (this.#scan.type === STRING) {
          plain = decodeText(reader.bytes, this.#scan.first, this.#scan.second)
          value = JSON.stringify(plain)
        } else if (this.#scan.type === BOOL) value = String(this.#scan.first === 1)
        else value = reread(reader, before)
      } else reader.skip(tag)
    }
    reader.leave(outer)
    this.#values.delete(key)
    this.#values.set(key, value)
    if (plain === undefined) this.strings.delete(key)
    else this.strings.set(key, plain)
  }

  /** `{"key":"string","key2":true,"key3":{"intValue":"1"}}`, or nothing when there are no attributes. */
  text(): string {
    if (this.#values.size === 0) return ''
    const members: string[] = []
    for (const [key, value] of this.#values) members.push(`${JSON.stringify(key)}:${value}`)
    return `{${members.join(',')}}`
  }
}

function reread(reader: ProtobufReader, fieldStart: number): string {
  reader.position = fieldStart
  const outer = reader.enter()
  const text = anyValueText(reader, 1)
  reader.leave(outer)
  return text
}
