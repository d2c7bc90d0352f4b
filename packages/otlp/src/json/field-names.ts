import type { Field, Message } from '../protobuf/messages.ts'

/** A name that a field may have in JSON. */
export interface FieldName {
  readonly name: string
  readonly bytes: Uint8Array
  readonly field: Field
}

const encoder = new TextEncoder()
const ofMessages = new WeakMap<Message, FieldNames>()

/** The names of a message's fields as bytes, so that a member is found without making a string of its name. */
export class FieldNames {
  /** By length and last byte. */
  readonly #names = new Map<number, readonly FieldName[]>()

  static of(message: Message): FieldNames {
    const known = ofMessages.get(message)
    if (known) return known
    const made = new FieldNames(message)
    ofMessages.set(message, made)
    return made
  }

  private constructor(message: Message) {
    for (const [name, field] of message.byName) {
      const bytes = encoder.encode(name)
      const key = keyOf(bytes, 0, bytes.length)
      this.#names.set(key, [...(this.#names.get(key) ?? []), { name, bytes, field }])
    }
  }

  /** The field of the name that lies there; undefined for one that is not known. */
  find(source: Uint8Array, start: number, end: number): FieldName | undefined {
    const names = this.#names.get(keyOf(source, start, end))
    if (names === undefined) return undefined
    for (let i = 0; i < names.length; i++) if (isAt(source, start, names[i]!.bytes)) return names[i]
    return undefined
  }
}

function keyOf(source: Uint8Array, start: number, end: number): number {
  return end === start ? 0 : (end - start) * 256 + source[end - 1]!
}

function isAt(source: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (source[start + i] !== name[i]) return false
  return true
}
