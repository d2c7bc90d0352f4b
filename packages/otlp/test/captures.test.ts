import { bodyEncoding, type Capture, captures, plainBody } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { decodeRequest } from '../src/decode.ts'
import { Engine } from './engine/engine.ts'
import { stored } from './engine/stored.ts'
import { receivedNanos } from './requests.ts'

const definitions = otlpDefinitions()
let engine: Engine

beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

describe.each(captures())('$file', (capture) => {
  it('is stored without loss', async () => {
    const decoded = decodeRequest(capture.signal, bodyEncoding(capture), plainBody(capture), {
      space: capture.file,
      receivedNanos,
      announced: new AnnouncedRows(),
    })
    const { expect: wanted } = capture
    expect(decoded).toMatchObject({
      accepted: wanted.spans ?? wanted.logRecords ?? wanted.dataPoints,
      rejected: 0,
      message: '',
    })
    await engine.insert(decoded.blocks)
    const found = normalItems(capture.signal, await stored(engine, capture.signal, capture.file))
    expect(found).toEqual(normalItems(capture.signal, sent(capture)))
    await counts[capture.signal](capture)
  })
})

/** The request as the official definitions, or for JSON the JSON parser alone, understand it. */
function sent(capture: Capture): unknown {
  const body = plainBody(capture)
  if (bodyEncoding(capture) === 'json') return JSON.parse(new TextDecoder().decode(body))
  const type = exportRequestType(definitions, capture.signal)
  return type.toObject(type.decode(body), { longs: String })
}

const counts = { traces: countSpans, logs: countLogs, metrics: countPoints }

async function countSpans({ file, expect: wanted }: Capture): Promise<void> {
  const [totals] = await engine.rows(
    `SELECT uniqExact(trace_id) AS distinctTraces, sum(length(events.name)) AS events,
       sum(length(links.flags)) AS links, arraySort(groupUniqArray(service)) AS services
     FROM spans WHERE space = '${file}'`,
  )
  expect(totals).toEqual({
    distinctTraces: String(wanted.distinctTraces),
    events: String(wanted.events),
    links: String(wanted.links),
    services: wanted.services.toSorted(),
  })
  expect(await countBy('kind', 'spans', file)).toEqual(wanted.spansByKind)
  expect(await countBy('status', 'spans', file)).toEqual(wanted.spansByStatus)
}

async function countLogs({ file, expect: wanted }: Capture): Promise<void> {
  expect(await countBy('severity', 'logs', file)).toEqual(wanted.bySeverityNumber)
  const [totals] = await engine.rows(
    `SELECT countIf(trace_id != repeat('\\0', 16)) AS withTraceId, uniqExact(record_id) = count() AS idsDiffer,
       arraySort(groupUniqArray(service)) AS services
     FROM logs WHERE space = '${file}'`,
  )
  expect(totals).toEqual({
    withTraceId: String(wanted.withTraceId),
    idsDiffer: 1,
    services: wanted.services.toSorted(),
  })
}

const types: Readonly<Record<string, number>> = {
  gauge: 1,
  sum: 2,
  histogram: 3,
  exponentialHistogram: 4,
  exponential_histogram: 4,
  summary: 5,
}

async function countPoints({ file, expect: wanted }: Capture): Promise<void> {
  const found = await engine.rows<{ name: string; type: number; temporality: number; points: string }>(
    `SELECT name, type, temporality, count() AS points
     FROM (SELECT fingerprint FROM metric_samples WHERE space = '${file}'
       UNION ALL SELECT fingerprint FROM metric_histograms WHERE space = '${file}'
       UNION ALL SELECT fingerprint FROM metric_exponential_histograms WHERE space = '${file}'
       UNION ALL SELECT fingerprint FROM metric_summaries WHERE space = '${file}') AS points
     ANY LEFT JOIN (SELECT * FROM metric_series WHERE space = '${file}') AS series USING fingerprint
     GROUP BY name, type, temporality`,
  )
  const pointsBy = Object.fromEntries(
    found.map(({ name, type, temporality, points }) => [`${name} ${type} ${temporality}`, Number(points)]),
  )
  // A client may list a metric several times, so the expectations are added up too.
  const wantedBy: Record<string, number> = {}
  for (const { name, type, temporality = 0, points } of wanted.metrics ?? []) {
    const key = `${name} ${types[type]} ${temporality}`
    if (points > 0) wantedBy[key] = (wantedBy[key] ?? 0) + points
  }
  expect(pointsBy).toEqual(wantedBy)
  const [exemplars] = await engine.rows(`SELECT count() AS exemplars FROM metric_exemplars WHERE space = '${file}'`)
  expect(exemplars).toEqual({ exemplars: String(wanted.exemplars ?? 0) })
}

async function countBy(column: string, table: string, space: string): Promise<Record<string, number>> {
  const rows = await engine.rows<{ value: number; rows: string }>(
    `SELECT ${column} AS value, count() AS rows FROM ${table} WHERE space = '${space}' GROUP BY value`,
  )
  return Object.fromEntries(rows.map(({ value, rows: count }) => [String(value), Number(count)]))
}
