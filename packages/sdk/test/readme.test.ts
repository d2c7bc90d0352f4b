import { rmSync } from 'node:fs'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { validateConfig } from '../src/config/validate.ts'
import { blocks, readersProject, runBlock } from './support/reader.ts'

// The programs send everything at their end; on a busy machine a collection can take longer than the short interval.
const seldom = { OTEL_METRIC_EXPORT_INTERVAL: '60000' }

let receiver: OtlpReceiver
let folder: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = readersProject(['express', 'fastify', 'koa'])
})
afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each(blocks('README.md', 'ts').map((code, index) => [index, code] as const))(
  'program %i of the README runs',
  async (index, code) => {
    const app = runBlock(folder, `program-${index}.ts`, code, { endpoint: receiver.url, env: seldom })
    expect([await app.ended, app.stderr()]).toEqual([0, ''])
  },
)

it('the programs of the README sent what it says', () => {
  const { spans, logs, metrics } = receiver.received
  const named = (name: string) => spans.find((span) => span.name === name)!
  expect(named('checkout').events?.map((event) => event.name)).toEqual(['exception'])
  expect(named('process jobs').parentSpanId).toBe(named('send jobs').spanId)
  expect(named('import')).toBeDefined()
  expect(logs.map((log) => log.body.stringValue)).toContain('order placed')
  expect(metrics.map((metric) => metric.name)).toEqual(expect.arrayContaining(['orders.placed', 'basket.value']))
})

it('the configuration of the README is the default one', () => {
  const [json] = blocks('README.md', 'json')
  expect(validateConfig(JSON.parse(json!))).toEqual(validateConfig({}))
})
