import { strict as assert } from 'node:assert'
import * as sdk from '@burstlet/monitoring'
import * as express from '@burstlet/monitoring/express'
import * as fastify from '@burstlet/monitoring/fastify'
import * as koa from '@burstlet/monitoring/koa'
import { MonitoringInterceptor } from '@burstlet/monitoring/nest'
import fc from 'fast-check'

// Every public function is called with whatever JavaScript lets one call it with, and none throws or rejects. It ends with the
// exit code 0 and one line of what was called; the process ends with an error where anything came through.

const circular: Record<string, unknown> = { name: 'circular' }
circular['self'] = circular
const thrower = {
  get bad(): never {
    throw new Error('getter')
  },
}
const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error('trap')
    },
    ownKeys() {
      throw new Error('trap')
    },
    getPrototypeOf() {
      throw new Error('trap')
    },
  },
)
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const badError = Object.assign(new Error('x'), { name: Symbol('name'), message: 7n, stack: {} })

const oddValues: unknown[] = [
  ...[undefined, null, Number.NaN, -0, 7n, Symbol('s'), '', 'text', true, [], {}, () => {}],
  ...[circular, thrower, hostile, revoked.proxy, badError, new Error('e'), new Date(Number.NaN), new Map([[1, 2]])],
  ...[Object.create(null), new Uint8Array(3), new WeakMap(), class {}, /x/g, Promise.resolve(1)],
  // No text and no number can be made of it.
  [Symbol('in a list')],
]
const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true })
/** Each is asked for only where it is handed over: fast-check itself would look into it. */
const odd = fc.oneof(
  fc.nat(oddValues.length - 1).map((index) => () => oddValues[index]),
  anything.map((value) => () => value),
)

type Call = (...args: never[]) => unknown
const context = { getClass: () => ({ name: 'C' }), getHandler: () => ({ name: 'h' }) }
const targets: Record<string, Call> = {
  ...(sdk.logger as unknown as Record<string, Call>),
  'business.event': sdk.business.event as Call,
  'security.event': sdk.security.event as Call,
  'health.register': ((name: never, probe: never, options: never) =>
    sdk.health.register(name, probe, options)()) as Call,
  'health.handler': (() => sdk.health.handler()({} as never, {} as never)) as Call,
  captureError: sdk.captureError as Call,
  identify: sdk.identify as Call,
  scrub: sdk.scrub as Call,
  trace: ((name: never, options: unknown) =>
    sdk.trace(name, (typeof options === 'function' ? {} : options) as never, undefined as never)) as Call,
  // A function in the second place is the work, and what it throws is the service's.
  'trace with work': ((name: never, options: unknown) => {
    const given = (typeof options === 'function' ? {} : options) as never
    const answer = sdk.trace(name, given, () => 42)
    assert.equal(answer, 42)
  }) as Call,
  traceHeaders: sdk.traceHeaders as Call,
  sla: ((name: never, budget: never) => sdk.sla(name, budget, undefined as never)) as Call,
  'sla with work': (async (name: never, budget: never) =>
    assert.equal(await sdk.sla(name, budget, () => 42), 42)) as unknown as Call,
  init: sdk.init as Call,
  'counter by name': ((value: never, tags: never) => sdk.metrics.counter('orders').add(value, tags)) as Call,
  'gauge by name': ((value: never, tags: never) => sdk.metrics.gauge('level').record(value, tags)) as Call,
  counter: ((name: never, options: never) => sdk.metrics.counter(name, options).add(1)) as Call,
  gauge: ((name: never, options: never) => sdk.metrics.gauge(name, options).record(1)) as Call,
  histogram: ((name: never, options: never) => sdk.metrics.histogram(name, options).record(1)) as Call,
  summary: ((name: never, options: never) => sdk.metrics.summary(name, options).record(1)) as Call,
  'express.requestMonitoring': ((options: never) =>
    express.requestMonitoring(options)({} as never, {} as never, () => {})) as Call,
  'express.errorMonitoring': ((error: never) =>
    express.errorMonitoring()(error, {} as never, {} as never, () => {})) as Call,
  'koa.requestMonitoring': (async (options: never) =>
    koa.requestMonitoring(options)({} as never, async () => {})) as unknown as Call,
  'fastify.requestMonitoring': ((options: never) =>
    fastify.requestMonitoring(
      { addHook: (_name: string, hook: (...args: unknown[]) => void) => hook({}, {}, () => {}) } as never,
      options,
      () => {},
    )) as Call,
  'nest interceptor': ((controller: never) =>
    new MonitoringInterceptor().intercept(
      { ...context, getClass: () => controller },
      { handle: () => ({ subscribe() {}, constructor: class {} }) },
    )) as Call,
}

for (const [name, call] of Object.entries(targets)) {
  await fc.assert(
    fc.asyncProperty(fc.array(odd, { maxLength: 4 }), async (args) => {
      const work = () => call(...(args.map((ask) => ask()) as never[]))
      // What the service's own functions throw is the service's: none of these does.
      await sdk.trace('around', async () => work())
    }),
    { numRuns: name === 'init' ? 20 : 60 },
  )
}
await sdk.health.report()
await sdk.shutdown()
process.stdout.write(`${Object.keys(targets).length} called\n`)
