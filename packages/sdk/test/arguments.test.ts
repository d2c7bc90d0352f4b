import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp, startApp } from './support/app.ts'

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await startOtlpReceiver()
})
afterAll(() => receiver.close())

const seldom = { OTEL_METRIC_EXPORT_INTERVAL: '60000' }

it.each([
  ['started', ['--import', '@burstlet/monitoring/register']],
  ['not started', []],
])('no public function throws, whatever it is given (%s)', async (_how, nodeArguments) => {
  const app = spawnApp('arguments.ts', { endpoint: receiver.url, nodeArguments, env: seldom })
  expect([await app.ended, app.stdout()]).toEqual([0, expect.stringMatching(/^\d+ called\n$/)])
  const complaints = app.stderr().trim().split('\n')
  for (const line of complaints) expect(line).toMatch(/^\[burstlet\] /)
})

it.each([
  ['first', []],
  ['after register', ['--import', '@burstlet/monitoring/register']],
])('init takes null for nothing (%s)', async (_when, nodeArguments) => {
  const app = spawnApp('with-init.ts', { endpoint: receiver.url, nodeArguments, env: seldom, args: ['null'] })
  expect([await app.ended, app.stderr()]).toEqual([0, ''])
  expect(receiver.received.spans.map(({ name }) => name)).toContain('by hand')
})

it.each(['express', 'koa'])(
  'requestMonitoring of %s without a word, or with nonsense, fails no request',
  async (kind) => {
    const app = await startApp('nonsense.ts', { endpoint: receiver.url, args: [kind] })
    try {
      expect((await fetch(app.url)).status).toBe(200)
      const lines = app.stderr().trim().split('\n')
      expect(lines).toEqual([
        '[burstlet] requestMonitoring: not used: identify is a function; budgetMs is a number of milliseconds; there is no idenitfy',
      ])
    } finally {
      await app.stop()
    }
  },
)
