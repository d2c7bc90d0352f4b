import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { validateConfig } from '../src/config/validate.ts'
import { spawnApp } from './support/app.ts'

const SDK = fileURLToPath(new URL('..', import.meta.url))
const README = readFileSync(join(SDK, 'README.md'), 'utf8')

let receiver: OtlpReceiver
let folder: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = mkdtempSync(join(tmpdir(), 'burstlet-readme-'))
  mkdirSync(join(folder, 'node_modules/@burstlet'), { recursive: true })
  symlinkSync(SDK, join(folder, 'node_modules/@burstlet/monitoring'))
  for (const name of ['express', 'fastify', 'koa']) {
    symlinkSync(join(SDK, 'node_modules', name), join(folder, 'node_modules', name))
  }
  writeFileSync(join(folder, 'package.json'), '{"name":"reader","type":"module"}')
})
afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]!)
}

it.each(blocks('ts').map((code, index) => [index, code] as const))(
  'program %i of the README runs',
  async (index, code) => {
    // A server ends as soon as it listens, and on any port.
    const ending = code
      .replace('listen(3000)', 'listen(0, () => process.exit(0))')
      .replace(/listen\(\{ port: 3000 \}\)/, 'listen({ port: 0 })\nawait app.close()')
    writeFileSync(join(folder, `program-${index}.ts`), ending)
    const nodeArguments = code.includes('init(') ? [] : ['--import', '@burstlet/monitoring/register']
    const app = spawnApp(`program-${index}.ts`, { endpoint: receiver.url, cwd: folder, nodeArguments })
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
  const [json] = blocks('json')
  expect(validateConfig(JSON.parse(json!))).toEqual(validateConfig({}))
})
