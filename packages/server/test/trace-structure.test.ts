import {
  type CompareResponse,
  compareResponse,
  type TracesResponse,
  type TraceTreeResponse,
  tracesResponse,
  traceTreeResponse,
} from '@burstlet/contract/traces'
import { examplePath, exampleTrace } from '@burstlet/testkit/example-trace'
import { describe, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { Random } from './rows/random.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { hexOf, nsOfMs } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'

const end = Date.now() - 60_000
const spans = randomTraces(150, end)
const traces = Map.groupBy(spans, ({ traceId }) => traceId)
const api = startedApi((engine) => insertSpans(engine, spans))

const hexId = (id: string) => (id === '' ? null : hexOf(id))
const childrenOf = (span: TestSpan, of: readonly TestSpan[]) => of.filter(({ parentId }) => parentId === span.spanId)
const below = (span: TestSpan, of: readonly TestSpan[]): TestSpan[] =>
  childrenOf(span, of).flatMap((child) => [child, ...below(child, of)])
const ms = (ns: bigint) => Number(ns) / 1e6
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const statuses = ['unset', 'ok', 'error']

describe('GET /traces by structure', () => {
  const found = async (query: object) => {
    const answer: TracesResponse = tracesResponse.parse(await get(api.app, '/traces', { limit: 1000, ...query }))
    return answer.items.map(({ traceId }) => traceId).sort()
  }
  const expected = (holds: (span: TestSpan, of: readonly TestSpan[]) => boolean) =>
    [...traces]
      .filter(([, of]) => of.some((span) => holds(span, of)))
      .map(([id]) => hexOf(id))
      .sort()

  test('a service that calls another, at any depth', async () => {
    const ids = await found({ service: 'gateway', calls: "service.name = 'video'" })
    expect(ids).toEqual(
      expected((span, of) => span.service === 'gateway' && below(span, of).some(({ service }) => service === 'video')),
    )
    // There are traces that have both without the one calling the other.
    expect(ids.length).toBeLessThan(
      expected((span, of) => span.service === 'gateway' && of.some(({ service }) => service === 'video')).length,
    )
  })

  test('a failure below, a root, the duration of a span, and all of it together', async () => {
    expect(await found({ service: 'worker', errorBelow: true })).toEqual(
      expected((span, of) => span.service === 'worker' && below(span, of).some(({ status }) => status === 2)),
    )
    expect(await found({ service: 'worker', rootOnly: true })).toEqual(
      expected((span) => span.service === 'worker' && span.parentId === ''),
    )
    expect(await found({ minSpanDuration: 480, maxSpanDuration: 490 })).toEqual(
      expected(({ durationNs }) => durationNs >= 480_000_000n && durationNs <= 490_000_000n),
    )
    const together = {
      rootOnly: true,
      calls: 'status = error AND service.name = video',
      errorBelow: true,
      minSpanDuration: 100,
    }
    expect(await found(together)).toEqual(
      expected(
        (span, of) =>
          span.parentId === '' &&
          span.durationNs >= 100_000_000n &&
          below(span, of).some(({ status, service }) => status === 2 && service === 'video'),
      ),
    )
    expect(await problemOf(api.app, '/traces', { calls: 'a = ' })).toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})

/** The time of a span in which none of its children ran, nanosecond by interval. */
function selfNs(span: TestSpan, of: readonly TestSpan[]): bigint {
  const stop = span.startNs + span.durationNs
  const edges = [
    span.startNs,
    stop,
    ...childrenOf(span, of).flatMap((child) => [child.startNs, child.startNs + child.durationNs]),
  ]
    .filter((at) => at >= span.startNs && at <= stop)
    .sort((a, b) => (a < b ? -1 : 1))
  let self = 0n
  for (let index = 1; index < edges.length; index++) {
    const [from, to] = [edges[index - 1]!, edges[index]!]
    const covered = childrenOf(span, of).some(
      (child) => child.startNs <= from && child.startNs + child.durationNs >= to,
    )
    if (!covered) self += to - from
  }
  return self
}

/** Whether a span of the trace runs between two times, ms from its first start. */
function runsWithin(of: readonly TestSpan[], first: bigint, from: number, to: number): boolean {
  const between = of.filter(({ durationNs }) => durationNs > 0n)
  return between.some(
    ({ startNs, durationNs }) => ms(startNs - first) < to - 1e-5 && ms(startNs + durationNs - first) > from + 1e-5,
  )
}

describe('GET /traces/:traceId/tree', () => {
  test('has every span once, below its parent, with what it did itself', async () => {
    for (const [id, of] of [...traces].slice(0, 40)) {
      const tree: TraceTreeResponse = traceTreeResponse.parse(await get(api.app, `/traces/${hexOf(id)}/tree`))
      const first = of.map(({ startNs }) => startNs).toSorted((a, b) => (a < b ? -1 : 1))[0]!
      expect(tree.spanCount).toBe(of.length)
      expect(tree.errorCount).toBe(of.filter(({ status }) => status === 2).length)
      expect(tree.items.map(({ spanId }) => spanId).sort()).toEqual(of.map(({ spanId }) => hexOf(spanId)).sort())
      for (const item of tree.items) {
        const span = of.find(({ spanId }) => hexOf(spanId) === item.spanId)!
        const under = below(span, of)
        expect(item).toMatchObject({
          parentSpanId: hexId(span.parentId),
          service: span.service,
          name: span.name,
          kind: kinds[span.kind],
          status: statuses[span.status],
          children: childrenOf(span, of).length,
          descendants: under.length,
          errorsBelow: under.filter(({ status }) => status === 2).length,
        })
        expect(item.offsetMs).toBeCloseTo(ms(span.startNs - first), 6)
        expect(item.durationMs).toBeCloseTo(ms(span.durationNs), 6)
        expect(item.selfMs).toBeCloseTo(ms(selfNs(span, of)), 6)
        const parent = tree.items.find(({ spanId }) => spanId === item.parentSpanId)
        expect(item.depth).toBe(parent ? parent.depth + 1 : 0)
        if (parent) expect(tree.items.indexOf(item)).toBeGreaterThan(tree.items.indexOf(parent))
      }
      // The path is the time of the trace, but for that in which nothing runs; each piece is within its span.
      let at = 0
      for (const piece of tree.criticalPath) {
        const item = tree.items.find(({ spanId }) => spanId === piece.spanId)!
        expect(piece.offsetMs).toBeGreaterThanOrEqual(at - 1e-5)
        if (piece.offsetMs > at + 1e-5) expect(runsWithin(of, first, at, piece.offsetMs)).toBe(false)
        expect(piece.offsetMs).toBeGreaterThanOrEqual(item.offsetMs - 1e-6)
        expect(piece.offsetMs + piece.durationMs).toBeLessThanOrEqual(item.offsetMs + item.durationMs + 1e-6)
        expect(item.critical).toBe(true)
        at = piece.offsetMs + piece.durationMs
      }
      expect(at).toBeCloseTo(tree.durationMs, 5)
      const byService = Map.groupBy(of, ({ service }) => service)
      expect(tree.services.map(({ service }) => service).sort()).toEqual([...byService.keys()].sort())
      for (const { service, spans: count, errors, selfMs } of tree.services) {
        const own = byService.get(service)!
        expect([count, errors]).toEqual([own.length, own.filter(({ status }) => status === 2).length])
        expect(selfMs).toBeCloseTo(
          own.reduce((sum, span) => sum + ms(selfNs(span, of)), 0),
          5,
        )
      }
    }
  })

  test('the critical path is what the end had to wait for, from the end backwards', async () => {
    const at = nsOfMs(end)
    const span = (spanId: string, parentId: string, from: number, to: number): TestSpan => ({
      ...spans[0]!,
      traceId: 'waited-000000000',
      spanId,
      parentId,
      name: spanId,
      startNs: at + BigInt(from) * 1_000_000n,
      durationNs: BigInt(to - from) * 1_000_000n,
    })
    await insertSpans(api.engine, [
      span('root0000', '', 0, 100),
      span('first000', 'root0000', 10, 30),
      span('second00', 'root0000', 30, 90),
      span('inner000', 'second00', 50, 80),
      // Nobody waited for what ended while the next one ran.
      span('aside000', 'root0000', 20, 40),
    ])
    const tree: TraceTreeResponse = await get(api.app, `/traces/${hexOf('waited-000000000')}/tree`)
    expect(tree.criticalPath.map(({ name, offsetMs, durationMs }) => [name, offsetMs, offsetMs + durationMs])).toEqual([
      ['root0000', 0, 10],
      ['first000', 10, 30],
      ['second00', 30, 50],
      ['inner000', 50, 80],
      ['second00', 80, 90],
      ['root0000', 90, 100],
    ])
    expect(tree.items.filter(({ critical }) => !critical).map(({ name }) => name)).toEqual(['aside000'])
  })

  test('self times and the critical path of a trace over a queue are those that the page computes', async () => {
    const at = nsOfMs(end)
    const traceId = 'queued-000000000'
    await insertSpans(
      api.engine,
      exampleTrace.map(({ id, parent, service, from, to }) => ({
        ...spans[0]!,
        traceId,
        spanId: id,
        parentId: parent ?? '',
        service,
        startNs: at + BigInt(from),
        durationNs: BigInt(to - from),
      })),
    )
    const tree: TraceTreeResponse = traceTreeResponse.parse(await get(api.app, `/traces/${hexOf(traceId)}/tree`))
    expect(tree.durationMs).toBe(116.000009)
    const self = new Map(tree.items.map(({ spanId, selfMs }) => [spanId, selfMs]))
    for (const span of exampleTrace) expect(self.get(hexOf(span.id))).toBe(span.self / 1e6)
    // The waiting belongs to no span, so it is a gap here.
    expect(tree.criticalPath.map(({ spanId, offsetMs, durationMs }) => [spanId, offsetMs, durationMs])).toEqual(
      examplePath.flatMap(([id, from, to]) => (id === null ? [] : [[hexOf(id), from / 1e6, (to - from) / 1e6]])),
    )
    expect(tree.items.filter(({ critical }) => !critical).map(({ spanId }) => spanId)).toEqual([hexOf('beside--')])
  })

  test('comes in pages, to a depth, and from a span down', async () => {
    const [id, of] = [...traces].find(([, each]) => each.length === 6)!
    const path = `/traces/${hexOf(id)}/tree`
    const whole: TraceTreeResponse = await get(api.app, path)
    const first: TraceTreeResponse = await get(api.app, path, { limit: 4 })
    const second: TraceTreeResponse = await get(api.app, path, { limit: 4, cursor: first.nextCursor })
    expect([...first.items, ...second.items]).toEqual(whole.items)
    expect(second.nextCursor).toBeNull()
    const root: TraceTreeResponse = await get(api.app, path, { depth: 0 })
    expect(root.items).toEqual(whole.items.filter(({ depth }) => depth === 0))
    const branch = of.find((span) => span.parentId === '')!
    const child = childrenOf(branch, of)[0]!
    const part: TraceTreeResponse = await get(api.app, path, { span: hexOf(child.spanId) })
    expect(part.items.map(({ spanId }) => spanId).sort()).toEqual(
      [child, ...below(child, of)].map(({ spanId }) => hexOf(spanId)).sort(),
    )
    expect(await problemOf(api.app, path, { span: 'f'.repeat(16) })).toMatchObject({ status: 404 })
  })

  test('holds for a hundred thousand spans, circles and orphans among them', async () => {
    const count = 100_000
    await api.engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, parent_id, name, kind, status)
SELECT 'default', now(), concat('s', toString(number % 7)), fromUnixTimestamp64Nano(${nsOfMs(end)} + number * 1000),
  1000000000 - number * 1000, 'large-0000000000', leftPad(toString(number), 8, '0'),
  multiIf(number = 0, '', number = 99998, '00099999', number = 99999, '00099998', number = 500, 'missing0', leftPad(toString(intDiv(number - 1, 3)), 8, '0')),
  'x', 2, number % 100 = 99 ? 2 : 0
FROM numbers(${count})`,
    })
    const path = `/traces/${hexOf('large-0000000000')}/tree`
    const tree: TraceTreeResponse = await get(api.app, path, { depth: 1, limit: 5000 })
    expect(tree.spanCount).toBe(count)
    expect(tree.errorCount).toBe(1000)
    const roots = tree.items.filter(({ depth }) => depth === 0)
    expect(roots.map(({ spanId }) => spanId)).toEqual(['00000000', '00000500', '00099998'].map(hexOf))
    expect(roots.reduce((sum, { descendants }) => sum + descendants + 1, 0)).toBe(count)
    expect(roots[0]?.children).toBe(3)
    const page: TraceTreeResponse = await get(api.app, path, { span: hexOf('00000001'), limit: 10 })
    expect(page.items[0]?.descendants).toBeGreaterThan(30_000)
    expect(page.items.map(({ depth }) => depth)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((depth) => Math.min(depth, 10)),
    )
  })
})

test('POST /traces/compare finds what slow spans have and others have not', async () => {
  const random = new Random(4)
  const compared = Array.from({ length: 400 }, (_, index): TestSpan => {
    const slow = random.chance(0.25)
    return {
      ...spans[0]!,
      traceId: `compare-${String(index).padStart(8, '0')}`,
      spanId: String(index).padStart(8, '0'),
      service: 'compared',
      durationNs: slow ? 900_000_000n : 10_000_000n,
      startNs: nsOfMs(end - index * 100),
      host: slow && random.chance(0.9) ? 'h2' : 'h1',
      strings: {
        shard: slow ? 's7' : random.of(['s1', 's2', 's7']),
        noise: random.of(['a', 'b']),
        'user.id': `u${index}`,
      },
      integers: { attempt: slow ? 3 : 1 },
    }
  })
  await insertSpans(api.engine, compared)
  const response = await api.app.inject({
    method: 'POST',
    url: '/traces/compare',
    payload: { service: 'compared', selected: { minDuration: 500 } },
  })
  const answer: CompareResponse = compareResponse.parse(response.json())
  const slow = compared.filter(({ durationNs }) => durationNs > 500_000_000n)
  const rest = compared.filter(({ durationNs }) => durationNs < 500_000_000n)
  expect(answer).toMatchObject({ selected: slow.length, rest: rest.length })
  const keys = answer.attributes.map(({ key, value }) => `${key}=${value}`)
  expect(keys.slice(0, 2).sort()).toEqual(['attempt=1', 'attempt=3'])
  expect(keys).toEqual(expect.arrayContaining(['shard=s7', 'shard=s1', 'resource.host.name=h2']))
  expect(keys.filter((key) => key.startsWith('noise') || key.startsWith('user.id'))).toEqual([])
  const shard = answer.attributes.find(({ key, value }) => key === 'shard' && value === 's7')!
  const inRest = rest.filter(({ strings }) => strings['shard'] === 's7').length
  expect(shard.selected).toEqual({ count: slow.length, share: 1 })
  expect(shard.rest).toEqual({ count: inRest, share: inRest / rest.length })
  expect((await api.app.inject({ method: 'POST', url: '/traces/compare', payload: { selected: {} } })).statusCode).toBe(
    400,
  )
})
