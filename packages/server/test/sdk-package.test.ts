import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
let server: TestServer

beforeAll(async () => {
  await run(process.execPath, [join(root, 'scripts/pack-sdk.ts')])
  server = await startServer()
})
afterAll(() => server?.stop())

test('a service installs the SDK from the server', async () => {
  const service = await mkdtemp(join(tmpdir(), 'burstlet-service-'))
  try {
    await writeFile(join(service, 'package.json'), '{"name": "service", "version": "1.0.0"}')
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', server.sdk]
    await run('npm', install, { cwd: service })
    await writeFile(join(service, 'app.mjs'), "import { trace } from '@burstlet/monitoring'\nconsole.log(typeof trace)")
    const { stdout } = await run(process.execPath, ['app.mjs'], { cwd: service })
    expect(stdout.trim()).toBe('function')
  } finally {
    await rm(service, { recursive: true })
  }
})

test('it is handed out under any name of the server, without a key, and nothing else is', async () => {
  const { pathname } = new URL(server.sdk)
  expect(await status(pathname, 'monitoring.example:3300')).toBe(200)
  expect(await status('/api/v1/monitoring/health', 'monitoring.example:3300')).toBe(421)
})

function status(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(new URL(path, server.api), { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
}
