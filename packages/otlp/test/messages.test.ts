import { otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { Type } from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { type Message, requests } from '../src/protobuf/messages.ts'

const root = otlpDefinitions()
// What the profiles signal alone uses, and fields that are not read.
const leftOut = new Set(['keyStrindex', 'stringValueStrindex'])

describe.each(Object.entries(requests))('the field tables of %s', (signal, message) => {
  it('say what the official definitions say', () => {
    const packages = { traces: 'trace', logs: 'logs', metrics: 'metrics' } as const
    const name = `${packages[signal as keyof typeof packages]}.v1.${message.name}`
    compare(
      message,
      root.lookupType(`opentelemetry.proto.${name === 'trace.v1.SpansData' ? 'trace.v1.TracesData' : name}`),
      new Set(),
    )
  })
})

function compare(ours: Message, theirs: Type, seen: Set<string>): void {
  if (seen.has(theirs.fullName)) return
  seen.add(theirs.fullName)
  for (const field of theirs.fieldsArray) {
    if (leftOut.has(field.name) || field.id >= 1000) continue
    const own = ours.byName.get(field.name)
    expect(own, `${theirs.fullName}.${field.name}`).toBeDefined()
    expect({ number: own?.number, repeated: own?.repeated }).toEqual({ number: field.id, repeated: field.repeated })
    field.resolve()
    if (field.resolvedType instanceof Type) {
      expect(typeof own?.type).toBe('object')
      compare(own?.type as Message, field.resolvedType, seen)
    } else if (field.resolvedType !== null) {
      expect(own?.type).toBe('enum')
      const values = field.resolvedType.values
      for (const [number, value] of own?.values?.entries() ?? []) expect(values[value], value).toBe(number)
      expect(own?.values).toHaveLength(Object.keys(values).length)
    } else {
      expect(own?.type === 'id' ? 'bytes' : own?.type, `${theirs.fullName}.${field.name}`).toBe(field.type)
    }
  }
}
