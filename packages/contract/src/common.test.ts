import { describe, expect, test } from 'vitest'
import { levelOf, levels, severityRange } from './common.ts'
import { logsQuery } from './logs.ts'
import { metricsQuery } from './metrics.ts'
import { parseTime } from './time.ts'
import { tracesQuery } from './traces.ts'

describe('times', () => {
  const now = Date.UTC(2026, 0, 31, 12)
  test.each([
    ['now', now],
    ['now-15m', now - 900_000],
    ['now+2d', now + 172_800_000],
    ['1769860800000', 1769860800000],
    ['0', 0],
    ['2026-01-31T12:00:00Z', now],
    ['2026-01-31T13:00:00+01:00', now],
    ['2026-01-31T12:00:00', now],
    ['2026-01-31 12:00', now],
    ['2026-01-31', now - 43_200_000],
    ['2026-01-31T12:00:00.123456789Z', now + 123],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
    ['2000-02-29T00:00:00+00:00', Date.UTC(2000, 1, 29)],
  ])('%s', (text, expected) => expect(parseTime(text, now)).toBe(expected))

  test.each(['', 'yesterday', 'now-', 'now-5', 'now-5y', '2026-13-01', '12:00', '9999-01-01', '1e12', "now'"])(
    'refuses %j',
    (text) => expect(parseTime(text, now)).toBeUndefined(),
  )

  test.each([
    '2026-02-30',
    '2026-02-29',
    '2100-02-29T10:00Z',
    '2026-04-31 12:00',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
  ])('refuses the day %s, which does not exist', (text) => expect(parseTime(text, now)).toBeUndefined())
})

test('a level and its severity numbers agree', () => {
  for (const level of levels) {
    const [low, high] = severityRange(level)
    for (let number = low; number <= high; number++) expect(levelOf(number)).toBe(level)
  }
  expect(severityRange('error')).toEqual([17, 20])
  expect(levelOf(24)).toBe('fatal')
})

describe('query parameters', () => {
  test('a set is a comma list, a repeated parameter, or one value', () => {
    expect(logsQuery.parse({ level: 'error, fatal' }).level).toEqual(['error', 'fatal'])
    expect(logsQuery.parse({ level: ['error', 'warn'] }).level).toEqual(['error', 'warn'])
    expect(logsQuery.parse({}).level).toBeUndefined()
    expect(logsQuery.safeParse({ level: 'loud' }).success).toBe(false)
  })

  test('unknown ones are refused by name', () => {
    const issue = tracesQuery.safeParse({ sevice: 'video' }).error?.issues[0]
    expect(issue).toMatchObject({ code: 'unrecognized_keys', keys: ['sevice'] })
  })

  test('limit is a whole number from 1 to 1000, 50 by default', () => {
    expect(tracesQuery.parse({}).limit).toBe(50)
    expect(tracesQuery.parse({ limit: '1000' }).limit).toBe(1000)
    for (const limit of ['0', '1001', '1.5', 'many', '-1', '']) {
      expect(tracesQuery.safeParse({ limit }).success, limit).toBe(false)
    }
  })

  test('the forms of /metrics exclude each other', () => {
    const paths = (query: object) => metricsQuery.safeParse(query).error?.issues.map((issue) => issue.path.join('.'))
    expect(paths({})).toEqual(['category'])
    expect(paths({ category: 'system', name: 'a' })).toEqual(['name'])
    expect(paths({ category: 'application', host: 'a' })).toEqual(['host'])
    expect(paths({ category: 'system', groupBy: 'a' })).toEqual(['groupBy'])
    expect(paths({ name: 'a', tags: 'plan' })).toEqual(['tags.0'])
    expect(paths({ name: 'a', aggregation: 'p101' })).toEqual(['aggregation'])
    expect(metricsQuery.parse({ name: 'a', tags: ['plan:pro', 'url:http://x'], aggregation: 'p99.9' }).tags).toEqual([
      'plan:pro',
      'url:http://x',
    ])
  })
})
