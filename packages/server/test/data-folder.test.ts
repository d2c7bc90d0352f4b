import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

it('is refused to a second server in one line, whatever the engine', async () => {
  const engine = await startChdbServer({ dataDirectory: join(folder, 'remote') })
  const url = new URL(engine.url)
  Object.assign(url, engine.writer, { pathname: 'shared' })
  const environment = { MONITORING_CLICKHOUSE_URL: url.href }
  const dataDir = join(folder, 'data')
  const first = await startServer({ dataDir, environment })
  const ports = { MONITORING_API_PORT: '0', MONITORING_OTLP_HTTP_PORT: '0', MONITORING_OTLP_GRPC_PORT: '0' }
  const startSecond = () =>
    spawnSync(process.execPath, [main, '--data-dir', dataDir], {
      encoding: 'utf8',
      env: { ...process.env, ...environment, ...ports },
      timeout: 20_000,
    })
  const { status, stderr } = startSecond()
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/data folder .* is in use by another server; .* share ClickHouse and PostgreSQL/),
  ])
  // The lock ends with the process, however that ends.
  await first.kill()
  const third = await startServer({ dataDir, environment })
  await third.stop()
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
