import { Enum, type Field, Type } from 'protobufjs'
import { below, oneOf, type Random } from './random.ts'

const idFields = new Set(['traceId', 'spanId', 'parentSpanId'])
const unknownMembers = ['"somethingNew":[{"a":[1,"x",null]}]', '"flags2":1e999', '"":null', '"x":"\\ud800"']

/**
 * A request as OTLP/JSON text, in a dialect that `random` chooses: which of the two names fields have, whether defaults
 * are written, how ids, enums and 64-bit integers are, and what else stands there that is to be passed over.
 */
export function jsonForm(type: Type, request: object, random: Random): string {
  return new JsonWriter(random).message(type, request as Message)
}

type Message = Readonly<Record<string, unknown>>

class JsonWriter {
  readonly #random: Random
  readonly #originalNames: boolean
  readonly #defaults: boolean
  readonly #nulls: boolean
  readonly #unknown: boolean
  readonly #upperCase: boolean
  readonly #enumNames: boolean
  readonly #bareIntegers: boolean

  constructor(random: Random) {
    const sometimes = () => random() < 0.3
    this.#random = random
    this.#originalNames = sometimes()
    this.#defaults = sometimes()
    this.#nulls = sometimes()
    this.#unknown = sometimes()
    this.#upperCase = sometimes()
    this.#enumNames = sometimes()
    this.#bareIntegers = sometimes()
  }

  message(type: Type, message: Message): string {
    const members: string[] = []
    for (const field of type.fieldsArray) {
      const value = message[field.name]
      if (value !== undefined) members.push(`${this.#name(field)}:${this.#member(field, value)}`)
      else if (field.partOf) continue
      else if (this.#defaults && !(field.resolvedType instanceof Type)) {
        members.push(`${this.#name(field)}:${field.repeated ? '[]' : this.#scalar(field, field.typeDefault)}`)
      } else if (this.#nulls) members.push(`${this.#name(field)}:null`)
    }
    if (this.#unknown) members.splice(below(this.#random, members.length + 1), 0, oneOf(this.#random, unknownMembers))
    return `{${members.join(this.#nulls ? ' ,\n' : ',')}}`
  }

  #name({ name }: Field): string {
    return `"${this.#originalNames ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name}"`
  }

  #member(field: Field, value: unknown): string {
    if (!field.repeated) return this.#value(field, value)
    return `[${(value as unknown[]).map((element) => this.#value(field, element)).join()}]`
  }

  #value(field: Field, value: unknown): string {
    const { resolvedType } = field
    return resolvedType instanceof Type ? this.message(resolvedType, value as Message) : this.#scalar(field, value)
  }

  #scalar(field: Field, value: unknown): string {
    if (field.resolvedType instanceof Enum) return this.#enum(field.resolvedType, Number(value))
    switch (field.type) {
      case 'string':
        return JSON.stringify(value)
      case 'bytes':
        return this.#bytes(field, Buffer.from(value as Uint8Array))
      case 'bool':
        return String(value)
      case 'double':
        return this.#double(Number(value))
      case 'int64':
      case 'uint64':
      case 'fixed64':
      case 'sfixed64':
        return this.#bareIntegers ? String(value) : `"${value}"`
      default:
        return String(value)
    }
  }

  #enum({ valuesById }: Enum, value: number): string {
    const name = valuesById[value]
    return this.#enumNames && name !== undefined ? `"${name}"` : String(value)
  }

  #bytes({ name }: Field, bytes: Buffer): string {
    if (!idFields.has(name)) return `"${bytes.toString(this.#upperCase ? 'base64url' : 'base64')}"`
    const hex = bytes.toString('hex')
    return `"${this.#upperCase ? hex.toUpperCase() : hex}"`
  }

  #double(value: number): string {
    if (Object.is(value, -0)) return '-0.0'
    return Number.isFinite(value) ? String(value) : `"${value}"`
  }
}
