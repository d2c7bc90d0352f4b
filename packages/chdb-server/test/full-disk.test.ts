import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChdbServer, failedWriteOf, startChdbServer } from '../src/start.ts'
import { oneValue } from './running-server.ts'

const mib = 1024 * 1024

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
    // A row of it takes two pages for each column, much more than the mebibyte that the engine reserves for an insert.
    const columns = Array.from({ length: 500 }, (_, i) => `c${i} UInt8`)
    const table = `CREATE TABLE full.wide (${columns}) ENGINE = MergeTree ORDER BY c0 SETTINGS min_bytes_for_wide_part = 0`
    await client.command({ query: table })
    const insertRow = () => client.command({ query: 'INSERT INTO full.wide (c0) VALUES (1)' })
    await insertRow()
    fill(2)
    await expect(insertRow()).rejects.toThrow()
    expect(failedWriteOf(await server.exited)).toBe('the disk is full (ENOSPC)')
    empty()
    await start()
    expect(await oneValue(client, 'SELECT count() FROM full.wide')).toBe('1')
    await insertRow()
    expect(await oneValue(client, 'SELECT count() FROM full.wide')).toBe('2')
  })

  it('keeps what it merged', { timeout: 60_000 }, async () => {
    await client.command({ query: 'SYSTEM STOP MERGES full.t' })
    for (let i = 0; i < 10; i++) await insert()
    await client.command({ query: 'SYSTEM START MERGES full.t' })
    // The engine reserves what the merge needs; then somebody else takes it.
    const merge = client.command({ query: 'OPTIMIZE TABLE full.t FINAL' }).catch(() => {})
    fill()
    await merge
    empty()
    if (!(await client.ping()).success) await start()
    expect(await oneValue(client, 'SELECT count(), sum(length(text)) FROM full.t')).toBe('10000\t4000000')
  })
})

describe.skipIf(!mayMount())('on a file system whose inodes have the numbers of another', () => {
  it('is not taken for one in use', { timeout: 60_000 }, async () => {
    const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'chdb-server-')))
    const servers: ChdbServer[] = []
    try {
      // Made alike, so that the locked files have one number.
      for (const path of folders) {
        mount(path, 64)
        servers.push(await startChdbServer({ dataDirectory: join(path, 'data') }))
      }
      const [first, second] = folders.map((path) => statSync(join(path, 'data/status')).ino)
      expect(first).toBe(second)
      // An engine that ends by itself removes the file.
      process.kill(servers[1]?.pid ?? 0, 'SIGKILL')
      await servers[1]?.exited
      servers[1] = await startChdbServer({ dataDirectory: join(folders[1] ?? '', 'data') })
    } finally {
      for (const one of servers) await one.stop()
      for (const path of folders) {
        execFileSync('umount', ['-l', path])
        rmSync(path, { recursive: true, force: true })
      }
    }
  })
})

describe.skipIf(!mayMount())('above the space that it leaves free', () => {
  it('refuses inserts with code 243, answers questions, and takes inserts again', { timeout: 60_000 }, async () => {
    folder = mkdtempSync(join(tmpdir(), 'chdb-server-'))
    mount(folder, 64)
    await start(32 * mib)
    try {
      await client.command({ query: 'CREATE DATABASE full ENGINE = Atomic' })
      await client.command({ query: 'CREATE TABLE full.t (n UInt64, text String) ENGINE = MergeTree ORDER BY n' })
      await insert()
      fill(20)
      await expect(insert()).rejects.toMatchObject({ code: '243' })
      expect(await oneValue(client, 'SELECT count() FROM full.t')).toBe('1000')
      empty()
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

/** Takes the space of the disk but for so many MiB. */
function fill(left = 0): void {
  const { bavail, bsize } = statfsSync(folder)
  const filler = openSync(join(folder, 'filler'), 'w')
  const piece = Buffer.alloc(64 * 1024)
  try {
    for (let size = bavail * bsize - left * mib; size > 0; size -= piece.length) writeSync(filler, piece)
  } catch {
    // The engine was quicker: there is no room any more either.
  } finally {
    closeSync(filler)
  }
}

function empty(): void {
  rmSync(join(folder, 'filler'))
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
