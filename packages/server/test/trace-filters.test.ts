import { describe, expect, test } from 'vitest'
import type { TestSpan } from './rows/spans.ts'
import { hexOf } from './rows/times.ts'
import { problemOf } from './test-api.ts'
import { expected, spans, tracesApi } from './traces-api.ts'

const api = tracesApi()

describe('filters', () => {
  const status = (span: TestSpan) => span.integers['http.response.status_code'] ?? span.integers['http.status_code']
  const method = (span: TestSpan) => span.strings['http.request.method'] ?? span.strings['http.method']
  const route = (span: TestSpan) => span.strings['http.route'] ?? ''
  const ms = (span: TestSpan) => Number(span.durationNs) / 1e6
  test.each<[string, (span: TestSpan) => boolean]>([
    ["service.name = 'video'", (s) => s.service === 'video'],
    ["service.name != 'video'", (s) => s.service !== 'video'],
    ["http.request.method = 'GET'", (s) => method(s) === 'GET'],
    ["http.method IN ('POST', 'PUT')", (s) => method(s) === 'POST'],
    ['http.status_code >= 500', (s) => (status(s) ?? 0) >= 500],
    ['http.response.status_code < 300', (s) => (status(s) ?? 999) < 300],
    ['http.response.status_code = 404', (s) => status(s) === 404],
    ['http.response.status_code != 404', (s) => status(s) !== undefined && status(s) !== 404],
    ['NOT http.response.status_code = 404', (s) => status(s) !== 404],
    ["http.response.status_code = '404'", () => false],
    ['http.response.status_code IN (404, 503)', (s) => [404, 503].includes(status(s) ?? 0)],
    ['http.route EXISTS', (s) => route(s) !== ''],
    ['http.route NOT EXISTS', (s) => route(s) === ''],
    ["http.route LIKE '/videos/%'", (s) => route(s).startsWith('/videos/')],
    ["NOT http.route LIKE '/internal/%'", (s) => !route(s).startsWith('/internal/')],
    ["http.route REGEXP ':id$'", (s) => route(s).endsWith(':id')],
    ["http.route CONTAINS 'VIDEO'", (s) => route(s).includes('video')],
    ['retry = true', (s) => s.booleans['retry'] === true],
    ['retry = false', (s) => s.booleans['retry'] === false],
    ['retry != true', (s) => s.booleans['retry'] === false],
    ['ratio > 0.5', (s) => (s.doubles['ratio'] ?? 0) > 0.5],
    ['ratio <= 0.25', (s) => (s.doubles['ratio'] ?? 1) <= 0.25],
    ['attempt = 0', (s) => s.integers['attempt'] === 0],
    ['attempt < 1.5', (s) => (s.integers['attempt'] ?? 9) < 1.5],
    ['k = 5', () => false],
    ["k = '5'", (s) => s.strings['k'] === '5'],
    ["k > 'v1'", (s) => s.strings['k'] === 'v2'],
    ["user.id = 'u3'", (s) => s.strings['user.id'] === 'u3'],
    ["user.id != 'u3'", (s) => 'user.id' in s.strings && s.strings['user.id'] !== 'u3'],
    ["NOT user.id = 'u3'", (s) => s.strings['user.id'] !== 'u3'],
    ['user.id EXISTS', (s) => 'user.id' in s.strings],
    ['user.id NOT EXISTS', (s) => !('user.id' in s.strings)],
    ['user.id IN (u1, u2)', (s) => ['u1', 'u2'].includes(s.strings['user.id'] ?? '')],
    ["user.id NOT IN ('u1')", (s) => 'user.id' in s.strings && s.strings['user.id'] !== 'u1'],
    ["NOT user.id IN ('u1')", (s) => s.strings['user.id'] !== 'u1'],
    ["http.route LIKE '%'", (s) => route(s) !== ''],
    ["http.route REGEXP '.*'", (s) => route(s) !== ''],
    ["http.route < 'z'", (s) => route(s) !== ''],
    ["http.route NOT LIKE '/internal/%'", (s) => route(s) !== '' && !route(s).startsWith('/internal/')],
    ["status_message LIKE '%'", () => false],
    ["NOT status_message = ''", () => true],
    ["url.full CONTAINS '/videos/9'", (s) => s.strings['url.full']?.includes('/videos/9') ?? false],
    ['duration > 250ms', (s) => ms(s) > 250],
    ['duration <= 0.05s', (s) => ms(s) <= 50],
    ['duration >= 400', (s) => ms(s) >= 400],
    ['kind = server', (s) => s.kind === 2],
    ['kind IN (client, producer)', (s) => s.kind === 3 || s.kind === 4],
    ['status = error', (s) => s.status === 2],
    ['status != error', (s) => s.status !== 2],
    ["name = 'POST /upload'", (s) => s.name === 'POST /upload'],
    ['connection', (s) => s.name === 'Connection refused'],
    ['"POST /up"', (s) => s.name === 'POST /upload'],
    ["resource.host.name = 'h1'", (s) => s.host === 'h1'],
    ["host.name != 'h1'", (s) => s.host === 'h2'],
    [`trace_id = ${hexOf(spans[0]!.traceId)}`, (s) => s.traceId === spans[0]!.traceId],
    [`span_id = ${hexOf(spans[0]!.spanId)}`, (s) => s.spanId === spans[0]!.spanId],
    ['parent_id NOT EXISTS AND kind = consumer', (s) => s.parentId === '' && s.kind === 5],
    [
      "kind = server AND (status = error OR http.status_code = 503) AND NOT k = 'v1'",
      (s) => s.kind === 2 && (s.status === 2 || status(s) === 503) && s.strings['k'] !== 'v1',
    ],
    ['service.name = video retry = true', (s) => s.service === 'video' && s.booleans['retry'] === true],
  ])('%s', async (filter, matches) => {
    expect(await api.search({ filter })).toEqual(expected(matches))
  })

  test.each([
    ['a = ', 'column 5'],
    ["kind = 'sideways'", 'column 8'],
    ['trace_id = 12', 'column 12'],
    ['duration = fast', 'column 12'],
    ['duration LIKE 5', 'column 1'],
    ['retry > true', 'column 9'],
    ["kind = server AND name REGEXP 'x('", 'column 31'],
  ])('%s is refused: %s', async (filter, message) => {
    const problem = await problemOf(api.app, '/traces', { filter })
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', errors: [{ path: 'filter' }] })
    expect(problem.detail).toContain(message)
  })

  test('a value is never SQL', async () => {
    for (const text of ["'", "\\' OR 1 = 1 --", '{p0:String}', '%', '\0', '🙂']) {
      const quoted = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
      expect(await api.search({ filter: `k = ${quoted}` })).toEqual([])
      expect(await api.search({ service: text })).toEqual([])
    }
  })
})
