import { readFile } from 'node:fs/promises'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
})
afterAll(() => running.stop())

const rows = "SELECT number AS n, concat('row ', toString(number)) AS s FROM numbers(3)"

async function textOf(query: string, parameters: Record<string, string> = {}): Promise<string> {
  const answer = await running.post(query, parameters)
  expect(answer.status).toBe(200)
  return answer.text()
}

describe('formats', () => {
  test('JSON, with its statistics', async () => {
    const result = await running.writer.query({ query: rows, format: 'JSON' })
    const document = await result.json()
    expect(document.data).toEqual([
      { n: 0, s: 'row 0' },
      { n: 1, s: 'row 1' },
      { n: 2, s: 'row 2' },
    ])
    expect(document.meta).toEqual([
      { name: 'n', type: 'UInt64' },
      { name: 's', type: 'String' },
    ])
    expect(document.rows).toBe(3)
    expect(document.statistics?.rows_read).toBe(3)
  })

  const texts: [format: string, expected: string][] = [
    ['JSONEachRow', '{"n":0,"s":"row 0"}\n{"n":1,"s":"row 1"}\n{"n":2,"s":"row 2"}\n'],
    ['JSONCompactEachRow', '[0, "row 0"]\n[1, "row 1"]\n[2, "row 2"]\n'],
    ['CSV', '0,"row 0"\n1,"row 1"\n2,"row 2"\n'],
    ['CSVWithNames', '"n","s"\n0,"row 0"\n1,"row 1"\n2,"row 2"\n'],
    ['TabSeparated', '0\trow 0\n1\trow 1\n2\trow 2\n'],
    ['TabSeparatedWithNames', 'n\ts\n0\trow 0\n1\trow 1\n2\trow 2\n'],
    ['Values', "(0,'row 0'),(1,'row 1'),(2,'row 2')"],
  ]
  test.each(texts)('%s, named in the text, as a parameter, as a header', async (format, expected) => {
    expect(await textOf(`${rows} FORMAT ${format}`)).toBe(expected)
    expect(await textOf(`${rows} FORMAT ${format} SETTINGS max_threads = 1;`)).toBe(expected)
    expect(await textOf(rows, { default_format: format })).toBe(expected)
    const answer = await running.post(rows, {}, { 'X-ClickHouse-Format': format })
    expect(answer.headers.get('x-clickhouse-format')).toBe(format)
    expect(await answer.text()).toBe(expected)
  })

  test('no format means TabSeparated', async () => {
    expect(await textOf('SELECT 1, 2')).toBe('1\t2\n')
  })

  test('a column named format is a column', async () => {
    expect(await textOf('SELECT 1 AS format')).toBe('1\n')
    expect(await textOf('SELECT format FROM (SELECT 7 AS format) ORDER BY format ASC')).toBe('7\n')
  })

  test.each(['Native', 'RowBinary', 'Parquet'])('%s goes out and comes back in', async (format) => {
    const table = `again_${format}`
    await running.writer.command({ query: `CREATE TABLE ${table} (n UInt64, s String) ENGINE = MergeTree ORDER BY n` })
    const answer = await running.post(`SELECT number AS n, hex(number) AS s FROM numbers(200000) FORMAT ${format}`)
    const body = new Uint8Array(await answer.arrayBuffer())
    const inserted = await running.post(body, { query: `INSERT INTO ${table} FORMAT ${format}` })
    expect(inserted.status).toBe(200)
    expect(await textOf(`SELECT count(), sum(n), countIf(s != hex(n)) FROM ${table}`)).toBe('200000\t19999900000\t0\n')
  })

  test('every block of a document is in it', async () => {
    const document = JSON.parse(await textOf('SELECT number FROM numbers(300000) FORMAT JSON')) as { data: unknown[] }
    expect(document.data).toHaveLength(300_000)
    const lines = (await textOf('SELECT number FROM numbers(300000) FORMAT CSVWithNames')).split('\n')
    expect(lines.filter((line) => line.includes('number'))).toHaveLength(1)
    expect(lines).toHaveLength(300_002)
  })

  test('totals come once, after all rows', async () => {
    const text = await textOf('SELECT number, count() FROM numbers(200000) GROUP BY number WITH TOTALS FORMAT CSV')
    expect(text.endsWith('\n\n0,200000\n')).toBe(true)
  })

  test('an unknown format is told', async () => {
    const answer = await running.post('SELECT 1 FORMAT NoSuchFormat')
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([404, '73'])
  })

  test('an empty result is empty', async () => {
    expect(await textOf('SELECT number FROM numbers(0) FORMAT JSONEachRow')).toBe('')
  })
})

describe('compression of answers', () => {
  const long = "SELECT repeat('a', 100) AS s FROM numbers(100000) FORMAT TabSeparated"

  async function rawBody(encoding: string, query: string, parameters: Record<string, string>) {
    // fetch decodes by itself, so the bytes come through node:http.
    const { request } = await import('node:http')
    const { Authorization } = { Authorization: authorization() }
    return new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      const url = `${running.server.url}/?${new URLSearchParams(parameters)}`
      const sent = request(
        url,
        { method: 'POST', headers: { 'Accept-Encoding': encoding, Authorization } },
        (answer) => {
          const pieces: Buffer[] = []
          answer.on('data', (piece: Buffer) => pieces.push(piece))
          answer.on('end', () => resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(pieces) }))
          answer.on('error', reject)
        },
      )
      sent.on('error', reject)
      sent.end(query)
    })
  }

  function authorization(): string {
    const { username, password } = running.server.writer
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  }

  test.each([
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ] as const)('%s', async (encoding, decode) => {
    const { encoding: sent, body } = await rawBody(encoding, long, { enable_http_compression: '1' })
    expect(sent).toBe(encoding)
    expect(body.length).toBeLessThan(1_000_000)
    expect(decode(body)).toHaveLength(10_100_000)
  })

  test('of a small answer', async () => {
    const { body } = await rawBody('gzip', 'SELECT 1', { enable_http_compression: '1' })
    expect(gunzipSync(body).toString()).toBe('1\n')
  })

  test('only when the client asks for it in both places', async () => {
    expect((await rawBody('gzip', 'SELECT 1', {})).encoding).toBeUndefined()
    expect((await rawBody('br', 'SELECT 1', { enable_http_compression: '1' })).encoding).toBeUndefined()
  })

  test.each(['gzip', 'zstd'] as const)('%s through the client', async (codec) => {
    const client = running.clientWith({ compression: { response: { codec } } })
    const result = await client.query({ query: 'SELECT number FROM numbers(500000)', format: 'JSONEachRow' })
    let rows = 0
    for await (const piece of result.stream()) rows += piece.length
    expect(rows).toBe(500_000)
  })

  test("ClickHouse's own blocks are refused", async () => {
    const answer = await running.post('SELECT 1', { compress: '1' })
    expect(answer.status).toBe(501)
    expect(await answer.text()).toContain('block compression is not supported')
  })
})

test('a result of 400 MB streams through little memory', async () => {
  const query = (rows: number) => `SELECT number, repeat('x', 190) FROM numbers(${rows}) FORMAT TabSeparated`
  await (await running.post(query(200_000))).arrayBuffer()
  const before = await residentBytes()
  let most = 0
  let bytes = 0
  const answer = await running.post(query(2_000_000))
  for await (const piece of answer.body!) {
    // A look at every 10 MB or so.
    if (Math.floor(bytes / 1e7) !== Math.floor((bytes + piece.length) / 1e7))
      most = Math.max(most, await residentBytes())
    bytes += piece.length
  }
  expect(bytes).toBeGreaterThan(390_000_000)
  expect(most - before).toBeLessThan(150_000_000)
})

test('a client that reads slowly holds the query back', async () => {
  const before = await residentBytes()
  const answer = await running.post("SELECT number, repeat('x', 1000) FROM numbers(2000000) FORMAT TabSeparated")
  const reader = answer.body!.getReader()
  await reader.read()
  // Long enough for the engine to fill its memory with two gigabytes, were it not held back.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect((await residentBytes()) - before).toBeLessThan(400_000_000)
  await reader.cancel()
})

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${running.server.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024
}

describe('headers', () => {
  test('query id: the given one, or a new one', async () => {
    const given = await running.post('SELECT 1', { query_id: 'mine "1"' })
    expect(given.headers.get('x-clickhouse-query-id')).toBe('mine "1"')
    const made = await running.post('SELECT 1')
    expect(made.headers.get('x-clickhouse-query-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('summary of a read', async () => {
    const answer = await running.post('SELECT number FROM numbers(1000) WHERE number % 100 = 0')
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary')!)).toMatchObject({
      read_rows: '1000',
      read_bytes: '8000',
      result_rows: '10',
      written_rows: '0',
    })
  })

  test('content types', async () => {
    const typeOf = async (format: string) =>
      (await running.post(`${rows} FORMAT ${format}`)).headers.get('content-type')
    expect(await typeOf('JSON')).toBe('application/json; charset=UTF-8')
    expect(await typeOf('CSVWithNames')).toBe('text/csv; charset=UTF-8; header=present')
    expect(await typeOf('TSV')).toBe('text/tab-separated-values; charset=UTF-8')
    expect(await typeOf('Native')).toBe('application/octet-stream')
  })

  test('an answer that is waited for has the whole summary', async () => {
    const query = 'SELECT number FROM numbers(1000000) FORMAT TabSeparated'
    const answer = await running.post(query, { wait_end_of_query: '1' })
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary')!)).toMatchObject({ result_rows: '1000000' })
    await answer.arrayBuffer()
  })
})

test('ping, and the client’s two kinds of it', async () => {
  const answer = await fetch(`${running.server.url}/ping`)
  expect([answer.status, await answer.text()]).toEqual([200, 'Ok.\n'])
  expect(await running.writer.ping()).toEqual({ success: true })
  expect(await running.writer.ping({ select: true })).toEqual({ success: true })
})
