import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startChdbServer } from '../src/start.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chdb-server-process-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const dataDirectory = () => join(folder, 'data')
const clientOf = ({ url, writer }: { url: string; writer: { username: string; password: string } }) =>
  createClient({ url, ...writer, log: { level: ClickHouseLogLevel.OFF } })

test('what was answered is there after kill -9, each batch whole', async () => {
  const settings = { max_threads: 1, async_insert: 0 } as const
  let server = await startChdbServer({ dataDirectory: dataDirectory() })
  let client = clientOf(server)
  await client.command({ query: 'CREATE DATABASE kept ENGINE = Atomic' })
  await client.command({ query: 'CREATE TABLE kept.t (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY (batch, n)' })
  const acknowledged: number[] = []
  let batch = 0
  for (let round = 0; round < 3; round++) {
    let killed = false
    const insertUntilKilled = async () => {
      while (!killed) {
        const mine = batch++
        const values = Array.from({ length: 1000 }, (_, n) => ({ batch: mine, n }))
        try {
          await client.insert({ table: 'kept.t', values, format: 'JSONEachRow', clickhouse_settings: settings })
          acknowledged.push(mine)
        } catch {
          killed = true
        }
      }
    }
    const inserting = Promise.all(Array.from({ length: 6 }, insertUntilKilled))
    const enough = acknowledged.length + 20
    while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 5))
    process.kill(server.pid, 'SIGKILL')
    await inserting
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' })
    await client.close()
    server = await startChdbServer({ dataDirectory: dataDirectory() })
    client = clientOf(server)
  }
  const result = await client.query({
    query: 'SELECT batch, count() AS size, uniqExact(n) AS distinct FROM kept.t GROUP BY batch',
    format: 'JSONEachRow',
  })
  const found = new Map(
    (await result.json<{ batch: number; size: string; distinct: string }>()).map((row) => [row.batch, row]),
  )
  expect(acknowledged.filter((one) => !found.has(one))).toEqual([])
  for (const row of found.values()) expect(row).toMatchObject({ size: 1000, distinct: 1000 })
  await client.close()
  await server.stop()
})

test('a folder in use is refused with one clear line', async () => {
  const first = await startChdbServer({ dataDirectory: dataDirectory() })
  const { code, stdout, stderr } = await runMain(['--data-dir', dataDirectory()])
  expect(code).toBe(1)
  expect(stdout).toBe('')
  const lines = stderr.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'error',
    msg: expect.stringMatching(/is in use by process \d+$/),
  })
  await expect(startChdbServer({ dataDirectory: dataDirectory() })).rejects.toThrow(`is in use by process ${first.pid}`)
  await first.stop()
})

describe('it ends', () => {
  test('cleanly on SIGTERM, while queries run', async () => {
    const server = await startChdbServer({ dataDirectory: dataDirectory() })
    const client = clientOf(server)
    const running = client.query({ query: 'SELECT sleep(1)', format: 'TabSeparated' })
    await new Promise((resolve) => setTimeout(resolve, 200))
    process.kill(server.pid, 'SIGTERM')
    expect(await (await running).text()).toBe('0\n')
    expect(await server.exited).toEqual({ code: 0, signal: null })
    await client.close()
  })

  test('cleanly when queries outlast its patience', async () => {
    const server = await startChdbServer({ dataDirectory: dataDirectory() })
    const client = clientOf(server)
    const query = 'SELECT sum(cityHash64(number)) FROM numbers(1000000000000) SETTINGS max_threads = 1'
    const running = Promise.allSettled(Array.from({ length: 10 }, () => client.query({ query })))
    await new Promise((resolve) => setTimeout(resolve, 200))
    process.kill(server.pid, 'SIGTERM')
    expect(await server.exited).toEqual({ code: 0, signal: null })
    expect((await running).map((one) => one.status)).toEqual(Array.from({ length: 10 }, () => 'rejected'))
    await client.close()
  })

  test('when its parent is killed', async () => {
    const start = fileURLToPath(new URL('../src/start.ts', import.meta.url))
    const script = `
      const { startChdbServer } = await import(${JSON.stringify(start)})
      const server = await startChdbServer({ dataDirectory: ${JSON.stringify(dataDirectory())} })
      process.stdout.write(server.pid + '\\n')`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    parent.kill('SIGKILL')
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
    // And left the folder free.
    const again = await startChdbServer({ dataDirectory: dataDirectory() })
    await again.stop()
  })
})

describe('the command line', () => {
  test.each([
    [[], '--data-dir is required'],
    [['--data-dir', 'x', '--port', 'many'], '--port must be a whole number'],
    [['--data-dir', 'x', '--max-memory', '5'], '--max-memory must be a whole number'],
  ])('%j is refused', async (args, text) => {
    const { code, stderr } = await runMain(args)
    expect([code, stderr]).toEqual([1, expect.stringContaining(text)])
  })
})

test('a folder of it that was moved to another volume is followed', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  await mkdir(dataDirectory())
  await symlink(elsewhere, join(dataDirectory(), 'store'))
  const server = await startChdbServer({ dataDirectory: dataDirectory() })
  const client = clientOf(server)
  await client.command({ query: 'CREATE DATABASE moved ENGINE = Atomic' })
  await client.command({ query: 'CREATE TABLE moved.t (n Int8) ENGINE = MergeTree ORDER BY n' })
  await client.insert({ table: 'moved.t', values: [{ n: 1 }], format: 'JSONEachRow' })
  await client.close()
  await server.stop()
  expect((await readdir(elsewhere)).length).toBeGreaterThan(0)
})

test('what Node compiled of it is kept for the next start, before it is confined', async () => {
  const compiled = join(folder, 'compiled')
  const before = process.env['NODE_COMPILE_CACHE']
  process.env['NODE_COMPILE_CACHE'] = compiled
  const server = await startChdbServer({ dataDirectory: dataDirectory() }).finally(() => {
    if (before === undefined) delete process.env['NODE_COMPILE_CACHE']
    else process.env['NODE_COMPILE_CACHE'] = before
  })
  await server.stop()
  // Each file of it twice, without its types and compiled.
  expect((await readdir(compiled, { recursive: true })).length).toBeGreaterThan(40)
})

test('a port in use is told', async () => {
  const first = await startChdbServer({ dataDirectory: dataDirectory() })
  const port = Number(new URL(first.url).port)
  await expect(startChdbServer({ dataDirectory: join(folder, 'other'), port })).rejects.toThrow('EADDRINUSE')
  await first.stop()
})

async function runMain(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')]
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, stdout: await stdout, stderr: await stderr }
}

async function collect(child: ChildProcess, name: 'stdout' | 'stderr'): Promise<string> {
  let text = ''
  for await (const piece of child[name]!) text += String(piece)
  return text
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
