import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChdbServer } from '@burstlet/chdb-server/start'
import { startServer } from '@burstlet/testkit/server'
import { afterEach, beforeEach, expect, it } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('is refused to a second server in one line, whatever the engine, and so is its database under another folder', async () => {
  const engine = await startChdbServer({ dataDirectory: join(folder, 'remote') })
  const url = new URL(engine.url)
  Object.assign(url, engine.writer, { pathname: 'shared' })
  const environment = { MONITORING_CLICKHOUSE_URL: url.href }
  const dataDir = join(folder, 'data')
  const first = await startServer({ dataDir, environment })
  const ports = { MONITORING_API_PORT: '0', MONITORING_OTLP_HTTP_PORT: '0', MONITORING_OTLP_GRPC_PORT: '0' }
  const startSecond = (dataDir: string, ...flags: string[]) =>
    spawnSync(process.execPath, [main, '--data-dir', dataDir, ...flags], {
      encoding: 'utf8',
      env: { ...process.env, ...environment, ...ports },
      timeout: 20_000,
    })
  const { status, stderr } = startSecond(dataDir)
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/data folder .* is in use by another server.*MONITORING_DATABASE_URL/),
  ])
  // Another folder, the same database.
  const other = join(folder, 'other')
  mkdirSync(other)
  symlinkSync(join(dataDir, 'burstlet.sqlite'), join(other, 'burstlet.sqlite'))
  const third = startSecond(other)
  expect(third.status).toBe(1)
  expect(third.stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/database .* is in use by another server.*MONITORING_DATABASE_URL/),
  ])
  expect(startSecond(dataDir, '--sign-in-link').stdout).toMatch(/^http.*\n$/)
  // The lock ends with the process, however that ends.
  await first.kill()
  const fourth = await startServer({ dataDir, environment })
  await fourth.stop()
  await engine.stop()
})

it('holds files that only their owner can read, also where it was there before', async () => {
  chmodSync(folder, 0o755)
  // As versions before 0.4.1 left it behind.
  writeFileSync(join(folder, 'burstlet.sqlite'), '', { mode: 0o644 })
  const server = await startServer({ dataDir: folder })
  const open = readdirSync(folder, { withFileTypes: true })
    .map((entry) => ({ name: entry.name, mode: statSync(join(folder, entry.name)).mode & 0o777 }))
    .filter(({ mode }) => (mode & 0o077) !== 0)
  expect(open).toEqual([])
  await server.stop()
})
