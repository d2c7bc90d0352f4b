import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServicesResponse } from '@burstlet/contract/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askOurs } from './ask/ask-ours.ts'
import { questions } from './ask/questions.ts'
import { countReads } from './ask/reads.ts'
import { serviceList } from './ask/rival.ts'
import { type Subject, subjectsOf } from './ask/subjects.ts'
import { makeData } from './data/make.ts'
import type { Manifest } from './data/manifest.ts'
import { openStore, type Store } from './store.ts'

const wanted = { spans: 4000, logs: 4000, samples: 0, days: 0.004, rival: true }
let folder: string
let data: Manifest
let store: Store
let subject: Subject

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'burstlet-bench-'))
  data = await makeData(folder, wanted, () => {})
  store = await openStore(folder)
  subject = (await subjectsOf(data, 1, store.ask))[0]!
}, 400_000)
afterAll(async () => {
  await store?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('both sides hold the same rows, and what is derived from them', async () => {
  const counts = await store.ask(
    `SELECT (SELECT count() FROM burstlet.spans), (SELECT count() FROM otel.otel_traces), (SELECT count() FROM burstlet.logs),
  (SELECT count() FROM otel.otel_logs), (SELECT uniqExact(trace_key) FROM burstlet.trace_index), (SELECT count() > 0 FROM burstlet.edges_1m)`,
  )
  const [spans, theirSpans, logs, theirLogs, traces, hasEdges] = counts.trim().split('\t').map(Number)
  expect(theirSpans).toBe(spans)
  expect([logs, theirLogs]).toEqual([wanted.logs, wanted.logs])
  expect(traces).toBe(data.traces)
  expect(hasEdges).toBe(1)
  expect(data.bytes.map(({ item }) => item)).toEqual(['span', 'log'])
})

test('a folder with data is used again', async () => {
  expect(await makeData(folder, { ...wanted, spans: 1 }, () => {})).toEqual(data)
  expect(await makeData(folder, { ...wanted, rival: false }, () => {})).toEqual(data)
})

test('both answer the same to the same question', async () => {
  // Whole minutes: ours counts by the minute.
  const range = { ...subject, to: Math.floor(subject.to / 60_000) * 60_000 }
  const path = `/services?from=${range.to - 86_400_000}&to=${range.to}&limit=1000`
  const { items } = await store.server.get<ServicesResponse>(path)
  const theirs = await serviceList((sql) => store.rows(`${sql} FORMAT JSONEachRow`), range)
  const expected = (theirs as Record<string, unknown>[]).map((row) => [row['ServiceName'], Number(row['requests'])])
  expect(
    items
      .filter(({ requests }) => requests > 0)
      .map(({ name, requests }) => [name, requests])
      .sort(),
  ).toEqual(expected.sort())
})

test('every question is answered by both, and what it reads is counted', async () => {
  // In so few rows there may be none of a rare word or tenant.
  const least = (name: string) => (/rare|hundreds/.test(name) ? 20 : 100)
  for (const question of questions) {
    expect(await askOurs(store.server, question.ours(subject)), question.name).toBeGreaterThan(least(question.name))
  }
  const reads = await countReads(store, questions, subject, true)
  for (const [name, { ours, theirs, statements }] of reads) {
    expect(statements.length, name).toBeGreaterThan(0)
    // An index may say that there is nothing to be read.
    if (least(name) < 100) continue
    expect(ours.rows, name).toBeGreaterThan(0)
    expect(theirs!.rows, name).toBeGreaterThan(0)
  }
})
