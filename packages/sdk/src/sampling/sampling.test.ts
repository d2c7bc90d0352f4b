import { createTraceState, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { ConsistentSampler } from './consistent-sampler.ts'
import { LocalTraces } from './local-traces.ts'
import { randomnessOf, thresholdOf, withThreshold } from './threshold.ts'

/** As the backend reads it: how many spans a sampled one stands for. */
function countOf(span: ReadableSpan): number {
  const threshold = /th:([0-9a-f]+)/.exec(span.spanContext().traceState?.get('ot') ?? '')?.[1] ?? '0'
  return 1 / (1 - Number.parseInt(threshold.padEnd(14, '0'), 16) / 2 ** 56)
}

/** A provider whose trace ids are spread evenly, so that a share of them is exact. */
function provide(rate: number, slowMs = 1000) {
  const exporter = new InMemorySpanExporter()
  const local = new LocalTraces(new SimpleSpanProcessor({ exporter }), slowMs)
  let made = 0
  const provider = new TracerProvider({
    sampler: new ConsistentSampler(rate, (span) => local.isRecorded(span)),
    spanProcessors: [local],
    idGenerator: {
      generateTraceId: () => `${'a'.repeat(18)}${(made++ % 256).toString(16).padStart(2, '0')}${'0'.repeat(12)}`,
      generateSpanId: () => (++made + 1e9).toString(16).padStart(16, '0'),
    },
  })
  // One id in two is a span's, so the sequence of traces skips.
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans(), local }
}

describe('thresholds', () => {
  it.each([
    [1, '00000000000000', 'th:0'],
    [0.5, '80000000000000', 'th:8'],
    [0.25, 'c0000000000000', 'th:c'],
    [0, 'ffffffffffffff', 'th:ffffffffffffff'],
  ])('of the rate %d', (rate, threshold, written) => {
    expect(thresholdOf(rate)).toBe(threshold)
    expect(withThreshold('th:1;rv:ab', threshold)).toBe(`${written};rv:ab`)
  })

  it('randomness is the end of the trace id unless the trace state brings its own', () => {
    expect(randomnessOf('0123456789abcdef0123456789ABCDEF', undefined)).toBe('23456789abcdef')
    expect(randomnessOf('0'.repeat(32), 'th:8;rv:00112233445566')).toBe('00112233445566')
  })
})

it('keeps its share, and each kept trace says how many it stands for', () => {
  const { tracer, spans } = provide(0.25)
  for (let i = 0; i < 1024; i++) tracer.startSpan('root').end()
  expect(spans()).toHaveLength(256)
  expect(spans().reduce((sum, span) => sum + countOf(span), 0)).toBe(1024)
})

it('always keeps what failed and what was slow, and they count once each', () => {
  const { tracer, spans } = provide(0.25, 50)
  const now = Date.now()
  for (let i = 0; i < 512; i++) {
    const span = tracer.startSpan('root', { startTime: now })
    if (i % 4 === 0) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(i % 4 === 1 ? now + 80 : now + 1)
  }
  const failed = spans().filter((span) => span.status.code === SpanStatusCode.ERROR)
  expect(failed).toHaveLength(128)
  expect(new Set(failed.map(countOf))).toEqual(new Set([1]))
  const slow = spans().filter((span) => span.duration[1] > 50_000_000)
  expect(slow).toHaveLength(128)
  expect(new Set(slow.map(countOf))).toEqual(new Set([1]))
  expect(spans().every((span) => (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0)).toBe(true)
})

it('keeps the whole local part when a child failed, what ends later included', () => {
  const { tracer, spans } = provide(0.001)
  const root = tracer.startSpan('root')
  const context = trace.setSpan(ROOT_CONTEXT, root)
  const late = tracer.startSpan('late', {}, context)
  tracer.startSpan('child', {}, context).setStatus({ code: SpanStatusCode.ERROR }).end()
  root.end()
  late.end()
  expect(
    spans()
      .map((span) => span.name)
      .toSorted(),
  ).toEqual(['child', 'late', 'root'])
})

it('follows the caller, whose threshold stays', () => {
  const { tracer, spans } = provide(0.001)
  const remote = (traceFlags: number) =>
    trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '1'.repeat(32),
      spanId: '2'.repeat(16),
      traceFlags,
      isRemote: true,
      traceState: createTraceState('ot=th:8'),
    })
  tracer.startSpan('kept', {}, remote(1)).end()
  tracer.startSpan('left', {}, remote(0)).setStatus({ code: SpanStatusCode.ERROR }).end()
  expect(spans().map((span) => [span.name, countOf(span)])).toEqual([['kept', 2]])
})

it('is bounded: one endless trace is decided by its share and held no longer', async () => {
  const { tracer, spans, local } = provide(0.999)
  const root = tracer.startSpan('endless')
  const context = trace.setSpan(ROOT_CONTEXT, root)
  for (let i = 0; i < 3000; i++) tracer.startSpan('step', {}, context).end()
  const sampled = (root.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
  expect(spans().length).toBe(sampled ? 3000 : 0)
  await local.forceFlush()
})
