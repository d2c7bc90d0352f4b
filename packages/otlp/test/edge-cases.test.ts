import { bodyEncoding, type EdgeCase, edgeCases, plainBody } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { type Decoded, decodeRequest } from '../src/decode.ts'
import { DecodeError } from '../src/decode-error.ts'
import { tracesData } from '../src/encode.ts'
import type { SpanRow } from '../src/rows.ts'
import { spanSelect } from '../src/select.ts'
import { Engine } from './engine/engine.ts'
import { stored } from './engine/stored.ts'
import { receivedNanos } from './requests.ts'

const definitions = otlpDefinitions()
let engine: Engine

beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

// Those whose fault is in the HTTP request and not in the body are the server's to answer.
const aboutHttp = /020-truncated-gzip|023-wrong-content-type|029-get-method|031-plain-body-marked-gzip/
const bodies = edgeCases().filter(({ file }) => !aboutHttp.test(file))
const undecodable = bodies.filter(({ status, file }) => status === 400 && !file.includes('030-string-enums'))
const decodable = bodies.filter((edge) => !undecodable.includes(edge))

describe.each(undecodable)('$file', (edge) => {
  it('is refused as a whole', () => {
    expect(() => decode(edge)).toThrow(DecodeError)
  })
})

describe.each(decodable)('$file', (edge) => {
  it(`is stored: ${edge.expect.note}`, async () => {
    const { accepted, rejected } = edge.file.includes('030') ? edge.alternatives![0]!.expect : edge.expect
    const decoded = decode(edge)
    expect(decoded).toMatchObject({ accepted, rejected })
    expect(decoded.message === '').toBe(rejected === 0)
    await engine.insert(decoded.blocks)
    const found = normalItems(edge.signal, await stored(engine, edge.signal, edge.file))
    expect(found).toHaveLength(accepted)
    const request = wanted(edge)
    if (request !== undefined) {
      const all = normalItems(edge.signal, request)
      if (rejected === 0) expect(found).toEqual(all)
      else expect(all).toEqual(expect.arrayContaining(found))
    }
  })
})

describe('what the edge cases say beyond that', () => {
  it('rejects spans with zero ids and names the first', async () => {
    const edge = named('003')
    const { message, rejections } = decode(edge)
    expect(message).toMatch(/^2 spans rejected: .*"zero trace id".*"zero span id"/)
    expect(rejections).toEqual([
      { reason: 'invalid_trace_id', count: 1, first: 'span "zero trace id"' },
      { reason: 'invalid_span_id', count: 1, first: 'span "zero span id"' },
    ])
    const spans = await engine.rows<{ id: string }>(
      `SELECT lower(hex(span_id)) AS id FROM spans WHERE space = '${edge.file}' ORDER BY id`,
    )
    expect(spans.map(({ id }) => id)).toEqual(edge.expect.acceptedSpanIds!.toSorted())
  })

  it('orders a log without time by its observed time', async () => {
    const { file, expect: wantedOf } = named('010')
    expect(
      await engine.rows(`SELECT toUnixTimestamp64Nano(time) AS t, time_source FROM logs WHERE space = '${file}'`),
    ).toEqual([{ t: wantedOf.effectiveTimeUnixNano, time_source: 1 }])
  })

  it('reads integers beyond int64 as doubles, and keeps the span', async () => {
    const { file } = named('032')
    const rows = await engine.rows<SpanRow>(
      `SELECT ${spanSelect} FROM spans WHERE space = '${file}' AND name = 'too big for int64'`,
    )
    const span = tracesData(rows, new Map(), new Map()).resourceSpans[0]!.scopeSpans[0]!.spans[0]!
    expect(span.attributes).toEqual([
      { key: 'n.big', value: { doubleValue: 9223372036854776000 } },
      { key: 'n.exp', value: { doubleValue: 1e21 } },
      { key: 'n.neg', value: { doubleValue: -1e300 } },
    ])
  })

  it('keeps a megabyte in one attribute', async () => {
    const [row] = await engine.rows(
      `SELECT max(arrayMax(arrayMap(v -> length(v), mapValues(attr_s)))) AS longest FROM spans
       WHERE space = '${named('027').file}'`,
    )
    expect(row).toEqual({ longest: String(1024 * 1024) })
  })

  it('marks a gap instead of a zero', async () => {
    const rows = await engine.rows(
      `SELECT flags, value_type FROM metric_samples WHERE space = '${named('017').file}' ORDER BY flags`,
    )
    expect(rows).toEqual([
      { flags: 0, value_type: 1 },
      { flags: 1, value_type: 0 },
    ])
  })

  it('does not count a negative duration in the rollups', async () => {
    const [row] = await engine.rows(
      `SELECT min(duration) < 0 AS negative, max(greatest(duration, 0)) >= 0 AS fine FROM spans
       WHERE space = '${named('028').file}'`,
    )
    expect(row).toEqual({ negative: 1, fine: 1 })
  })
})

function named(number: string): EdgeCase {
  return edgeCases().find(({ file }) => file.startsWith(`edge/${number}`))!
}

function decode(edge: EdgeCase): Decoded {
  return decodeRequest(edge.signal, bodyEncoding(edge), plainBody(edge), {
    space: edge.file,
    receivedNanos,
    announced: new AnnouncedRows(),
  })
}

/** The request in OTLP/JSON form, by the manifest or the official definitions; undefined where neither can tell. */
function wanted(edge: EdgeCase): unknown {
  if (edge.decoded !== undefined) return edge.decoded
  if (bodyEncoding(edge) === 'json') return undefined
  const type = exportRequestType(definitions, edge.signal)
  return type.toObject(type.decode(plainBody(edge)), { longs: String })
}
