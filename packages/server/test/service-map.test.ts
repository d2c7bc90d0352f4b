import { type ServiceMapResponse, serviceMapResponse } from '@burstlet/contract/service-map'
import type { ServiceResponse } from '@burstlet/contract/services'
import { describe, expect, test } from 'vitest'
import { edgesRollup } from '../src/background/rollups/edges.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import { sweep } from '../src/background/rollups/sweep.ts'
import { startedApi } from './engine-and-api.ts'
import { callsOf, edgesOf, randomCalls, type TestEdge } from './rows/calls.ts'
import { Random } from './rows/random.ts'
import { insertSpans, type TestSpan } from './rows/spans.ts'
import { storedEdges } from './rows/stored-edges.ts'
import { receivedNow, time64 } from './rows/times.ts'
import { get } from './test-api.ts'

const retention = { traces: 7, logs: 7 }
const end = Date.now() - 120_000
const spans = randomCalls(120, end)
const range = { from: end - 3_600_000, to: Date.now() + 60_000 }
const api = startedApi()

const pass = (now: number, held = async () => true) =>
  runPass(api.engine.writer, { rollup: edgesRollup, retention, now, held })

/** Source and target of an edge, as the API names them. */
function nameOf(edge: string): string {
  // A call to a service that did not answer is one to the service all the same.
  return edge
    .replace(/^\d+ /, '')
    .replaceAll('service:', '')
    .replace(/external:(gateway|video|billing)$/, '$1')
}

/** Edges of the whole range by source and target. */
function totals(edges: ReadonlyMap<string, TestEdge>): Map<string, { requests: number; errors: number }> {
  const sums = new Map<string, { requests: number; errors: number }>()
  for (const [key, { count, errors }] of edges) {
    const sum = sums.get(nameOf(key)) ?? { requests: 0, errors: 0 }
    sums.set(nameOf(key), { requests: sum.requests + count, errors: sum.errors + errors })
  }
  return sums
}

/** Nearest rank of the exact durations, ms. */
function p95(of: readonly TestSpan[]): number {
  const sorted = of.map(({ durationNs }) => Number(durationNs) / 1e6).sort((a, b) => a - b)
  return sorted[Math.ceil(0.95 * sorted.length) - 1]!
}

const answered = ({ edges }: ServiceMapResponse) =>
  new Map(edges.map(({ source, target, requests, errors }) => [`${source} ${target}`, { requests, errors }]))

describe('edges', () => {
  test('are those of the spans, whatever order the spans arrive in and however often a window is computed', async () => {
    const random = new Random(5)
    const shuffled = spans.toSorted(() => random.next() - 0.5)
    let now = end - 1_200_000
    for (let at = 0; at < shuffled.length; at += 400) {
      await insertSpans(api.engine, shuffled.slice(at, at + 400))
      now += random.whole(400_000)
      await pass(now)
      expect(answered(serviceMapResponse.parse(await get(api.app, '/service-map', range)))).not.toHaveLength(0)
    }
    await pass(now + 86_400_000)
    expect(await storedEdges(api.engine)).toEqual(edgesOf(spans))
    expect(await pass(now + 3 * 86_400_000)).toBe(0)
  })

  test('are answered over the range, with what each node is', async () => {
    const answer: ServiceMapResponse = serviceMapResponse.parse(await get(api.app, '/service-map', range))
    expect(answered(answer)).toEqual(totals(edgesOf(spans)))
    const nodes = new Map(answer.nodes.map((node) => [node.id, node]))
    const calls = Map.groupBy(
      [...callsOf(spans)].flatMap(([key, of]) => of.map((span) => ({ name: nameOf(key), span }))),
      ({ name }) => name,
    )
    for (const { source, target, p95: found } of answer.edges) {
      expect(nodes.has(source) && nodes.has(target)).toBe(true)
      const exact = p95(calls.get(`${source} ${target}`)!.map(({ span }) => span))
      expect(Math.abs(found! / exact - 1), `${source} ${target}`).toBeLessThan(0.0443)
    }
    for (const { id, kind, name, requests, errors, p95: found } of answer.nodes) {
      const of =
        kind === 'service'
          ? spans.filter((span) => span.service === name && (span.kind === 2 || span.kind === 5))
          : [...calls.values()].flat().flatMap((call) => (call.name.endsWith(` ${id}`) ? call.span : []))
      expect([id, requests, errors]).toEqual([id, of.length, of.filter(({ status }) => status === 2).length])
      if (of.length === 0) expect(found, id).toBeNull()
      else expect(Math.abs(found! / p95(of) - 1), id).toBeLessThan(0.0443)
    }
    expect(nodes.get('gateway')).toMatchObject({ kind: 'service', name: 'gateway' })
    expect(nodes.get('database:postgresql/videos')).toMatchObject({ kind: 'database', name: 'postgresql/videos' })
    expect(nodes.get('queue:kafka/orders')).toMatchObject({ kind: 'queue' })
    expect(nodes.get('external:api.stripe.com')).toMatchObject({ kind: 'external' })
    expect([...nodes.keys()].sort()).toEqual(answer.nodes.map(({ id }) => id))
  })

  test('of one service are those it is an end of', async () => {
    const answer: ServiceMapResponse = await get(api.app, '/service-map', { ...range, service: 'worker' })
    const own = [...totals(edgesOf(spans))].filter(([name]) => name.split(' ').includes('worker'))
    expect(own.length).toBeGreaterThan(1)
    expect(answered(answer)).toEqual(new Map(own))
  })

  test('are the dependencies of a service, in both directions', async () => {
    const { dependencies }: ServiceResponse = await get(api.app, '/services/video', { ...range })
    const expected = [...totals(edgesOf(spans))].flatMap(([name, { requests, errors }]) => {
      const [source, target] = name.split(' ') as [string, string]
      if (source === 'video') return { id: target, direction: 'out', requests, errors }
      return target === 'video' ? { id: source, direction: 'in', requests, errors } : []
    })
    const found = dependencies.map(({ id, direction, requests, errors }) => ({ id, direction, requests, errors }))
    expect(new Set(found.map(({ direction }) => direction))).toEqual(new Set(['in', 'out']))
    const inOrder = (of: { id: string; direction: string }[]) =>
      of.toSorted((a, b) => (a.direction + a.id < b.direction + b.id ? -1 : 1))
    expect(inOrder(found)).toEqual(inOrder(expected))
  })
})

test('without a scheduler the map is made of the spans themselves', async () => {
  await api.engine.writer.command({ query: 'TRUNCATE TABLE rollup_windows' })
  expect(answered(await get(api.app, '/service-map', range))).toEqual(totals(edgesOf(spans)))
})

test('a computation that ended before it was made to count is not seen, and is made up for', async () => {
  const expected = totals(edgesOf(spans))
  await api.engine.writer.command({ query: 'TRUNCATE TABLE edges_1m' })
  let asked = 0
  // The lease is lost between the rows and the line that makes them count.
  expect(await pass(end + 3_600_000, async () => ++asked % 2 === 1)).toBe(0)
  expect(asked).toBe(2)
  expect(answered(await get(api.app, '/service-map', range))).toEqual(expected)
  expect(await pass(end + 3_600_000)).toBeGreaterThan(10)
  expect(await pass(end + 3_600_000)).toBe(0)
  expect(await storedEdges(api.engine)).toEqual(edgesOf(spans))
  expect(answered(await get(api.app, '/service-map', range))).toEqual(expected)
})

test('what two processes compute at once is counted once', async () => {
  await api.engine.writer.command({ query: 'TRUNCATE TABLE rollup_windows' })
  await Promise.all([pass(end + 3_600_000), pass(end + 3_600_000)])
  expect(await storedEdges(api.engine)).toEqual(edgesOf(spans))
})

test('rows of replaced computations are swept out, those that count stay', async () => {
  const later = end + 10 * 86_400_000
  expect(await sweep(api.engine, 'edges_1m', 'edges_1m', 1, later)).toBeGreaterThan(0)
  expect(await sweep(api.engine, 'edges_1m', 'edges_1m', 1, later)).toBe(0)
  expect(await storedEdges(api.engine)).toEqual(edgesOf(spans))
})

test('sampled spans weigh what they stand for, a span that came twice counts twice, a shared id has one caller', async () => {
  const start = end - 600_000
  const row = (id: string, parent: string, service: string, kind: number, more = {}) => ({
    space: 'default',
    received: receivedNow(),
    service,
    start: time64(BigInt(start) * 1_000_000n),
    duration: '5000000',
    trace_id: 'weighted-0000000',
    span_id: id,
    parent_id: parent,
    name: 'x',
    kind,
    ...more,
  })
  const twice = row('00000002', '00000001', 'catalog', 2, { adjusted_count: 4 })
  await api.engine.insert('spans', [
    row('00000001', '', 'shop', 3, { attr_s: { 'server.address': 'catalog' } }),
    twice,
    // Zipkin: the client and the server of one call are spans of one id.
    row('00000003', '00000002', 'catalog', 3),
    row('00000003', '00000002', 'stock', 2),
    row('00000004', '00000003', 'prices', 2),
  ])
  await api.engine.insert('spans', [twice])
  await pass(end + 86_400_000)
  const answer: ServiceMapResponse = await get(api.app, '/service-map', range)
  const of = (name: string) => answer.edges.filter(({ source }) => source === name)
  expect(of('shop')).toMatchObject([{ target: 'catalog', requests: 8 }])
  expect(of('catalog')).toMatchObject([{ target: 'stock', requests: 1 }])
  expect(of('stock')).toMatchObject([{ target: 'prices', requests: 1 }])
})
