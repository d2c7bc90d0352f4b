import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@burstlet/testkit/eventually'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ClickhouseConnection } from '../src/storage/clickhouse/connection.ts'
import { EmbeddedEngine, type Pings } from '../src/storage/clickhouse/embedded-engine.ts'
import { ClickhouseUnavailableError, createReader, defaultReadLimits } from '../src/storage/clickhouse/reader.ts'
import { allSpaces } from '../src/storage/clickhouse/space-filter.ts'

let folder: string
let engine: EmbeddedEngine
let connection: ClickhouseConnection

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
})
afterEach(async () => {
  await engine.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(pings: Pings): Promise<number> {
  connection = new ClickhouseConnection()
  const options = {
    dataDirectory: join(folder, 'tables'),
    localFiles: folder,
    maxMemory: 1_000_000_000,
    minFreeDisk: 0,
    guestTables: [],
    database: 'default',
    pings,
  }
  engine = new EmbeddedEngine(options, connection, pino({ level: 'silent' }))
  await engine.start()
  return engine.pid ?? 0
}

const ask = () =>
  createReader(connection, { ...defaultReadLimits, seconds: 1 }).query<{ one: number }>({
    space: allSpaces,
    sql: 'SELECT 1 AS one',
  })

function isDropped(): boolean {
  try {
    return connection.reader === undefined
  } catch (error) {
    return error instanceof ClickhouseUnavailableError
  }
}

/** Whether it does. */
const answers = () =>
  ask().then(
    (rows) => rows.length === 1,
    () => false,
  )

it('replaces an engine that hangs', async () => {
  const hung = await start({ everyMs: 100, patienceMs: 1000, beforeKill: 3 })
  process.kill(hung, 'SIGSTOP')
  await eventually(async () => engine.pid !== hung && (await answers()))
  expect(engine.restarts).toBe(1)
})

it('goes on with one that hung for a moment', async () => {
  const hung = await start({ everyMs: 100, patienceMs: 300, beforeKill: 1000 })
  process.kill(hung, 'SIGSTOP')
  // Before a question could be late.
  await eventually(() => isDropped())
  process.kill(hung, 'SIGCONT')
  await eventually(answers)
  expect(engine.pid).toBe(hung)
})

it('says of one that hangs that it is unavailable, once its limit is over', async () => {
  const hung = await start({ everyMs: 3_600_000, patienceMs: 1000, beforeKill: 1 })
  process.kill(hung, 'SIGSTOP')
  await expect(ask()).rejects.toThrow(ClickhouseUnavailableError)
  process.kill(hung, 'SIGCONT')
})
