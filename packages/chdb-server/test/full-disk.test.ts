import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChdbServer, failedWriteOf, startChdbServer } from '../src/start.ts'
import { oneValue } from './running-server.ts'

let folder: string
let server: ChdbServer
let client: ClickHouseClient

describe.skipIf(!mayMount())('on a disk that is full', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chdb-server-'))
    mount(folder, 64)
    await start()
    await client.command({ query: 'CREATE DATABASE full ENGINE = Atomic' })
    await client.command({ query: 'CREATE TABLE full.t (n UInt64, text String) ENGINE = MergeTree ORDER BY n' })
  })
  afterEach(async () => {
    await client.close()
    await server.stop()
    execFileSync('umount', ['-l', folder])
    await rm(folder, { recursive: true, force: true })
  })

  it('ends the engine at the first write that fails, and keeps what was answered', { timeout: 60_000 }, async () => {
    let answered = 0
    const failure = await insertUntilItFails(() => answered++)
    expect(failure).toBeDefined()
    expect(failedWriteOf(await server.exited)).toBe('the disk is full (ENOSPC)')
    rmSync(join(folder, 'filler'))
    await start()
    // One that was not answered may be there, but each is there whole.
    const [rows = 0, bytes] = (await oneValue(client, 'SELECT count(), sum(length(text)) FROM full.t'))
      .split('\t')
      .map(Number)
    expect(rows).toBeGreaterThanOrEqual(answered * 1000)
    expect(rows % 1000).toBe(0)
    expect(bytes).toBe(rows * 400)
  })

  it('keeps what it merged', { timeout: 60_000 }, async () => {
    await client.command({ query: 'SYSTEM STOP MERGES full.t' })
    for (let i = 0; i < 10; i++) await insert()
    await client.command({ query: 'SYSTEM START MERGES full.t' })
    // The engine reserves what the merge needs; then somebody else takes it.
    const merge = client.command({ query: 'OPTIMIZE TABLE full.t FINAL' }).catch(() => {})
    fill()
    await merge
    rmSync(join(folder, 'filler'))
    if (!(await client.ping()).success) await start()
    expect(await oneValue(client, 'SELECT count(), sum(length(text)) FROM full.t')).toBe('10000\t4000000')
  })
})

describe.skipIf(!mayMount())('above the space that it leaves free', () => {
  it('refuses inserts with code 243, answers questions, and takes inserts again', { timeout: 60_000 }, async () => {
    folder = mkdtempSync(join(tmpdir(), 'chdb-server-'))
    mount(folder, 64)
    await start(32 * 1024 * 1024)
    try {
      await client.command({ query: 'CREATE DATABASE full ENGINE = Atomic' })
      await client.command({ query: 'CREATE TABLE full.t (n UInt64, text String) ENGINE = MergeTree ORDER BY n' })
      await insert()
      const filler = openSync(join(folder, 'filler'), 'w')
      writeSync(filler, Buffer.alloc(40 * 1024 * 1024))
      closeSync(filler)
      await expect(insert()).rejects.toMatchObject({ code: '243' })
      expect(await oneValue(client, 'SELECT count() FROM full.t')).toBe('1000')
      rmSync(join(folder, 'filler'))
      await insert()
      expect(await oneValue(client, 'SELECT count() FROM full.t')).toBe('2000')
    } finally {
      await client.close()
      await server.stop()
      execFileSync('umount', ['-l', folder])
      await rm(folder, { recursive: true, force: true })
    }
  })
})

async function start(minFreeDisk = 0): Promise<void> {
  await client?.close()
  server = await startChdbServer({ dataDirectory: join(folder, 'data'), minFreeDisk })
  client = createClient({ url: server.url, ...server.writer, log: { level: 127 } })
}

async function insert(): Promise<void> {
  await client.command({ query: 'INSERT INTO full.t SELECT number, hex(randomString(200)) FROM numbers(1000)' })
}

/** The disk fills while inserts run beside each other. */
async function insertUntilItFails(onAnswered: () => void): Promise<unknown> {
  let failure: unknown
  const work = async () => {
    while (failure === undefined) {
      await insert().then(onAnswered, (error: unknown) => {
        failure ??= error
      })
    }
  }
  const working = Promise.all([work(), work(), work()])
  setTimeout(fill, 200)
  await working
  return failure
}

function fill(): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=64k'], { stdio: 'ignore' })
  } catch {
    // Until there is no room any more: that is what it is for.
  }
}

function mount(path: string, mebibytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], { stdio: 'ignore' })
}

/** Whether this process may mount a file system of its own. */
function mayMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'chdb-server-'))
  try {
    mount(path, 1)
    execFileSync('umount', [path])
    return true
  } catch {
    return false
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}
