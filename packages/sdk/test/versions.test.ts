import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'
import { readersProject } from './support/reader.ts'

let receiver: OtlpReceiver
let folder: string
beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = readersProject([])
})
afterAll(async () => {
  await receiver?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A package of which only the version matters. */
function give(name: string, version: string): void {
  const place = join(folder, 'node_modules', name)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }))
  writeFileSync(join(place, 'index.js'), 'exports.loaded = true\n')
}

const tooNew = [
  ['graphql', '17.1.0', '>=14.0.0 <17'],
  ['bunyan', '2.0.5', '>=1.0.0 <2'],
  ['@nestjs/core', '12.5.0', '>=4.0.0 <12'],
  ['pg', '99.0.0', '>=8.0.3 <9'],
] as const

it.each(tooNew.flatMap((one) => ['import', 'require'].map((how) => [...one, how] as const)))(
  '%s %s, for whose versions (%s) alone there is an instrumentation, is told once (%s)',
  async (name, version, ranges, how) => {
    give(name, version)
    const load =
      how === 'import' ? `import '${name}'\nawait import('${name}')\n` : `require('${name}')\nrequire('${name}')\n`
    const file = how === 'import' ? 'loads.mjs' : 'loads.cjs'
    writeFileSync(join(folder, file), load)
    const app = spawnApp(file, { endpoint: receiver.url, cwd: folder })
    expect(await app.ended).toBe(0)
    expect(app.stderr()).toBe(
      `[burstlet] ${name} ${version} is not instrumented: OpenTelemetry's instrumentation of it is for ${ranges}\n`,
    )
  },
)

it('a version that is known is not told', async () => {
  give('bunyan', '1.8.15')
  writeFileSync(join(folder, 'known.cjs'), "module.exports = require('bunyan')\n")
  const app = spawnApp('known.cjs', { endpoint: receiver.url, cwd: folder })
  await app.ended
  expect(app.stderr()).not.toContain('is not instrumented')
})
