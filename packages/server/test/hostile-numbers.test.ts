import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { insertSpans, randomTraces } from './rows/spans.ts'

interface Schema {
  readonly type?: string
  readonly pattern?: string
  readonly anyOf?: readonly Schema[]
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}

const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>
}
const end = Date.now() - 60_000
const api = startedApi(async (engine) => {
  await insertSpans(engine, randomTraces(20, end))
  await insertLogs(engine, randomLogs(20, end))
})

const hostile = [
  ...[
    '99999999999999999999',
    '9223372036854775807',
    '9223372036854775808',
    '18446744073709551616',
    '-9223372036854775809',
  ],
  ...[
    '9000000000000',
    '0757993538500000000',
    '075799353850',
    '007',
    '-1',
    '-0',
    '0',
    '1.5',
    '1e3',
    '1e20',
    '1e400',
    '-1e308',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '0b1',
    '1_000',
    '٣',
    '',
    ' ',
    'null',
    '1,2',
    "1'",
    '2026-02-30',
    'now-999999999w',
  ],
]

/** What the parameters that must be given are given. */
const given: Record<string, string> = {
  id: '1',
  time: String(BigInt(end) * 1_000_000n),
  service: 'video',
  signal: 'spans',
  key: 'k',
  group: '0123456789abcdef',
  traceId: '0123456789abcdef0123456789abcdef',
  name: 'video',
  category: 'system',
}

/** Numbers, and texts that are read as numbers or times. */
function isRead({ name, schema }: Parameter): boolean {
  const kinds = [schema, ...(schema.anyOf ?? [])]
  return (
    kinds.some(({ type, pattern }) => type === 'number' || type === 'integer' || /\\d/.test(pattern ?? '')) ||
    ['from', 'to', 'time', 'id', 'cursor', 'at'].includes(name)
  )
}

const prefix = '/api/v1/monitoring'
const asked = Object.entries(document.paths).flatMap(([path, { get }]) =>
  path.startsWith(prefix) && !path.endsWith('/tail')
    ? (get?.parameters ?? []).filter(isRead).map((each) => ({
        path: path.slice(prefix.length),
        each,
        others: (get?.parameters ?? []).filter(
          ({ name, required }) => name !== each.name && (required || name === 'category'),
        ),
      }))
    : [],
)

describe('a number that no column holds is refused or found nowhere, never a failure', () => {
  test.each(asked.map((one) => [one.path, one.each.name, one] as const))(
    '%s %s',
    async (path, name, { each, others }) => {
      for (const value of hostile) {
        const values = [...others.map((other) => [other, given[other.name] ?? '1'] as const), [each, value] as const]
        const url = values
          .filter(([parameter]) => parameter.in === 'path')
          .reduce((filled, [parameter, text]) => filled.replace(`{${parameter.name}}`, encodeURIComponent(text)), path)
        const query = new URLSearchParams(
          values
            .filter(([parameter]) => parameter.in === 'query')
            .map(([parameter, text]): [string, string] => [parameter.name, text]),
        )
        const { statusCode, body } = await api.app.inject({ url: `${url}?${query}` })
        expect(statusCode, `${path} ${name}=${value}: ${body.slice(0, 300)}`).toBeLessThan(500)
      }
    },
  )

  const spans = { signal: 'spans', kind: 'raw' }
  const cursor = (time: string, id: string) => Buffer.from(JSON.stringify([time, id])).toString('base64url')
  const numbers = hostile.map(Number).filter((number) => !Number.isNaN(number))

  async function postAll(url: string, payloads: readonly object[]): Promise<void> {
    for (const payload of payloads) {
      const { statusCode, body } = await api.app.inject({ method: 'POST', url, payload })
      expect(statusCode, `${JSON.stringify(payload)}: ${body.slice(0, 300)}`).toBeLessThan(500)
    }
  }

  test.each(hostile)('in the body of a query, in filters and in cursors: %j', async (value) => {
    await postAll('/query', [
      { from: value, queries: { a: spans } },
      { to: value, queries: { a: spans } },
      { queries: { a: { ...spans, cursor: cursor(value, '0123456789abcdef') } } },
      ...['k', 'duration', 'http.status_code', 'kind', 'event.k', 'resource.k', 'user.k'].map((field) => ({
        queries: { a: { ...spans, filter: `${field} = ${value.trim() || "''"}` } },
      })),
      { queries: { a: { signal: 'spans', aggregate: `p${value}(duration)` } } },
      { queries: { a: { signal: 'spans', compare: `${value}w` } } },
    ])
  })

  test.each(numbers)('as numbers: %d', async (value) => {
    await postAll('/query', [
      { step: value, queries: { a: { signal: 'spans' } } },
      { queries: { a: { ...spans, limit: value } } },
      { from: value, queries: { a: spans } },
    ])
    await postAll('/traces/compare', [{ selected: { minDuration: value } }])
  })
})
