// `npm run bench:sdk`: what instrumenting a service costs it, for one Express and one Fastify app, beside no instrumentation,
// plain OpenTelemetry and three vendors' SDKs from npm. Run `npm run pack:sdk` before.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { findTarball, installAutocannon, installSubject } from './install.ts'
import { measureSdks, type SdkMeasured, sdkMeasured } from './measure-sdk.ts'
import { sdkMarkdown, sdkRows } from './report-sdk.ts'
import { frameworks, sdkSubjects } from './subjects.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    turns: { type: 'string', default: '10' },
    requests: { type: 'string', default: '2500' },
    seconds: { type: 'string', default: '4' },
    rate: { type: 'string', default: '500' },
    only: { type: 'string' },
    frameworks: { type: 'string', default: Object.keys(frameworks).join() },
    // Rounds of several runs are added up in this file.
    json: { type: 'string' },
    markdown: { type: 'string' },
    install: { type: 'boolean', default: false },
  },
})
const number = z.coerce.number().int().positive()
const options = z
  .object({ rounds: number, turns: number, requests: number, seconds: number, rate: number })
  .parse(values)
const status = (text: string) => process.stderr.write(`▸ ${text}\n`)

const root = join(import.meta.dirname, '../../../..')
const home = join(tmpdir(), `burstlet-bench-sdk-${process.getuid?.() ?? 0}`)
mkdirSync(home, { recursive: true })
const only = values.only?.split(',')
const subjects = sdkSubjects(findTarball(root)).filter(({ name }) => only === undefined || only.includes(name))
status('installing the subjects')
const installed = subjects.map((subject) => ({ subject, folder: installSubject(home, subject) }))
const autocannon = installAutocannon(home)
if (values.install) process.exit(0)

const measured: SdkMeasured[] =
  values.json !== undefined && existsSync(values.json)
    ? z.array(sdkMeasured).parse(JSON.parse(readFileSync(values.json, 'utf8')))
    : []
for (let round = 1; round <= options.rounds; round++) {
  for (const framework of z.array(z.enum(['express', 'fastify'])).parse(values.frameworks.split(','))) {
    for (const one of await measureSdks({ ...options, framework, autocannon }, installed)) {
      measured.push(one)
      status(
        `round ${round}, ${framework}, ${one.subject}: ${one.requestsPerSecond.toFixed(0)} requests/s, ${one.cpuMicrosPerRequest.toFixed(0)} µs`,
      )
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 1)}\n`)
  }
}
const rows = sdkRows(measured)
console.table(rows)
if (values.markdown !== undefined) writeFileSync(values.markdown, sdkMarkdown(rows))
