import { spawnSync } from 'node:child_process'
import { getPriority } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oneValue, type RunningServer, startServer, until } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
})
afterAll(() => running.stop())

const longQuery = 'SELECT sum(cityHash64(number)) FROM numbers(1000000000000) SETTINGS max_threads = 1'
const processes = async (mark: string) =>
  Number(
    await oneValue(
      running.writer,
      `SELECT countIf(query LIKE '%${mark}%' AND query NOT LIKE '%processes%') FROM system.processes`,
    ),
  )

describe('a client that goes away takes its query with it', () => {
  test('while the query has no row yet', async () => {
    const abort = new AbortController()
    const asked = running.writer.query({ query: `${longQuery} /* gone 1 */`, abort_signal: abort.signal })
    await until(async () => (await processes('gone 1')) === 1)
    abort.abort()
    await expect(asked).rejects.toThrow()
    await until(async () => (await processes('gone 1')) === 0)
  })

  test('in the middle of a result', async () => {
    const result = await running.writer.query({
      query: 'SELECT number /* gone 2 */ FROM system.numbers',
      format: 'JSONEachRow',
    })
    let rows = 0
    for await (const piece of result.stream()) {
      rows += piece.length
      if (rows > 100_000) break
    }
    await until(async () => (await processes('gone 2')) === 0)
  })

  test('while a document is being made', async () => {
    const abort = new AbortController()
    const query =
      'SELECT number, sleepEachRow(0.01) FROM numbers(100000) SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1 /* gone 3 */'
    const asked = running.writer.query({ query, abort_signal: abort.signal, format: 'JSON' })
    await until(async () => (await processes('gone 3')) === 1)
    abort.abort()
    await expect(asked).rejects.toThrow()
    await until(async () => (await processes('gone 3')) === 0)
  })

  test('in the middle of an insert, which leaves nothing behind', async () => {
    await running.writer.command({ query: 'CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n' })
    const abort = new AbortController()
    const { url, writer } = running.server
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('1\n2\n')),
    })
    const asked = fetch(`${url}/?${new URLSearchParams({ query: 'INSERT INTO test.t FORMAT CSV /* gone 4 */' })}`, {
      method: 'POST',
      headers: { 'X-ClickHouse-User': writer.username, 'X-ClickHouse-Key': writer.password },
      body,
      duplex: 'half',
      signal: abort.signal,
    } as RequestInit)
    await until(async () => (await processes('INSERT INTO test.t')) === 1)
    abort.abort()
    await expect(asked).rejects.toThrow()
    await until(async () => (await processes('INSERT INTO test.t')) === 0)
    expect(await oneValue(running.writer, 'SELECT count() FROM t')).toBe('0')
  })
})

describe('KILL QUERY', () => {
  test('finds a query by the id that its client gave', async () => {
    const asked = running.writer.query({ query: longQuery, query_id: 'to be killed' })
    const failed = expect(asked).rejects.toMatchObject({ code: '394', type: 'QUERY_WAS_CANCELLED' })
    await until(async () => (await processes('1000000000000')) === 1)
    await running.writer.command({ query: "KILL QUERY WHERE query_id = 'to be killed'" })
    await failed
  })

  test('two queries cannot have one id at once', async () => {
    const abort = new AbortController()
    const first = running.writer.query({
      query: `${longQuery} /* same id */`,
      query_id: 'same',
      abort_signal: abort.signal,
    })
    await until(async () => (await processes('same id')) === 1)
    const second = running.writer.query({ query: 'SELECT 1', query_id: 'same' })
    await expect(second).rejects.toMatchObject({ code: '216' })
    abort.abort()
    await expect(first).rejects.toThrow()
  })
})

describe('lanes', () => {
  test('threads of reads come before those of writes', async () => {
    const nice = "getSetting('os_threads_nice_value_query')"
    await running.writer.command({ query: 'CREATE TABLE niceness (n Int32) ENGINE = MergeTree ORDER BY n' })
    await running.writer.command({ query: `INSERT INTO niceness SELECT ${nice}` })
    const ofReads = mayComeFirst() ? '-10' : '0'
    for (const user of [running.writer, running.reader])
      expect(await oneValue(user, `SELECT ${nice}, n FROM test.niceness`)).toBe(`${ofReads}\t0`)
  })

  test('a long query does not hold up short ones', async () => {
    const abort = new AbortController()
    let over = false
    const long = running.writer.query({ query: longQuery, abort_signal: abort.signal }).finally(() => {
      over = true
    })
    for (let turn = 0; turn < 50; turn++) expect(await oneValue(running.writer, 'SELECT 1')).toBe('1')
    expect(over).toBe(false)
    abort.abort()
    await expect(long).rejects.toThrow()
  })

  test('full reads wait, hold up no write, and end in a clear error when the queue is full', async () => {
    const client = running.clientWith({ max_open_connections: 1000 })
    const abort = new AbortController()
    const asked: Promise<unknown>[] = []
    const ask = (query: string, times: number) => {
      for (let time = 0; time < times; time++) {
        asked.push(client.query({ query, abort_signal: abort.signal }).catch(() => 'refused or gone'))
      }
    }
    ask(longQuery, 8)
    await until(async () => (await probe()) === 'waits')
    ask('SELECT 1', 256)
    // A probe that came before the queue was full left a place in it.
    await until(async () => {
      ask('SELECT 1', 1)
      return (await probe()) === '503, retry after 1: TOO_MANY_SIMULTANEOUS_QUERIES'
    })
    await running.writer.insert({ table: 't', values: [{ n: 5 }], format: 'JSONEachRow' })
    abort.abort()
    await Promise.all(asked)
    await until(async () => (await probe()) === '200, retry after null: 1')

    async function probe(): Promise<string> {
      const { url, writer } = running.server
      const headers = { 'X-ClickHouse-User': writer.username, 'X-ClickHouse-Key': writer.password }
      try {
        const answer = await fetch(`${url}/?query=SELECT+1`, { headers, signal: AbortSignal.timeout(300) })
        const text = await answer.text()
        const retryAfter = answer.headers.get('retry-after')
        return `${answer.status}, retry after ${retryAfter}: ${/\((TOO_\w+)\)/.exec(text)?.[1] ?? text.trim()}`
      } catch {
        return 'waits'
      }
    }
  })

  test('many statements of all kinds at once, some abandoned', async () => {
    await running.writer.command({ query: 'CREATE TABLE mixed (n UInt64, s String) ENGINE = MergeTree ORDER BY n' })
    // An abandoned request may close a kept connection under the next one that uses it.
    const impatient = running.clientWith({ keep_alive: { enabled: false } })
    let inserted = 0
    const work = Array.from({ length: 400 }, async (_, index) => {
      if (index % 4 === 0) {
        await running.writer.insert({ table: 'mixed', values: [{ n: index, s: 'x' }], format: 'JSONEachRow' })
        inserted++
      } else if (index % 4 === 1) {
        const abort = new AbortController()
        const asked = impatient.query({ query: `${longQuery} /* mixed */`, abort_signal: abort.signal })
        setTimeout(() => abort.abort(), index % 50)
        await expect(asked).rejects.toThrow()
      } else {
        expect(await oneValue(running.writer, `SELECT ${index}, count() >= 0 FROM mixed`)).toBe(`${index}\t1`)
      }
    })
    await Promise.all(work)
    expect(await oneValue(running.writer, 'SELECT count() FROM mixed')).toBe(String(inserted))
    await until(async () => (await processes('mixed \\*/')) === 0)
  })
})

function mayComeFirst(): boolean {
  return getPriority() === 0 && spawnSync('nice', ['-n', '-10', 'true'], { encoding: 'utf8' }).stderr === ''
}
