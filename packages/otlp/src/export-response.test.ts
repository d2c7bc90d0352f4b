import { exportResponseType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { describe, expect, it } from 'vitest'
import { encodeExportResponse, encodeStatus } from './export-response.ts'

const root = otlpDefinitions()

describe('encodeExportResponse', () => {
  it.each([
    ['traces', 'rejectedSpans'],
    ['logs', 'rejectedLogRecords'],
    ['metrics', 'rejectedDataPoints'],
  ] as const)('of %s is what the official definitions expect', (signal, name) => {
    const type = exportResponseType(root, signal)
    const wanted = { partialSuccess: { [name]: '300', errorMessage: 'zu groß' } }
    const bytes = encodeExportResponse(signal, 'protobuf', 300, 'zu groß')
    expect(type.toObject(type.decode(bytes), { longs: String })).toEqual(wanted)
    expect(JSON.parse(new TextDecoder().decode(encodeExportResponse(signal, 'json', 300, 'zu groß')))).toEqual(wanted)
  })

  it('leaves partial_success out on full success', () => {
    expect(encodeExportResponse('traces', 'protobuf', 0, '')).toHaveLength(0)
    expect(new TextDecoder().decode(encodeExportResponse('traces', 'json', 0, ''))).toBe('{}')
  })
})

describe('encodeStatus', () => {
  it('writes google.rpc.Status', () => {
    expect([...encodeStatus('protobuf', 3, 'no')]).toEqual([0x08, 3, 0x12, 2, 0x6e, 0x6f])
    expect(JSON.parse(new TextDecoder().decode(encodeStatus('json', 3, 'no')))).toEqual({ code: 3, message: 'no' })
  })
})
