import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskCommand } from './command.ts'
import { maskStatement } from './statement.ts'

/** Long and odd enough to stand nowhere by chance. */
const secret = 'Zq7Secret9xK'
const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 300) }

/** What stands around the secret in a literal, with all that could end it. */
const noise = string({
  unit: constantFrom('a', ' ', "'", '"', '\\', '$', '`', '-', '#', '/', '*', ';', '\n', '(', '7'),
  maxLength: 8,
})
const value = tuple(noise, noise).map(([before, after]) => `${before}${secret}${after}`)

const doubled = (quote: string) => (text: string) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
const escaped = (quote: string) => (text: string) =>
  `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`
const clean = (forbidden: RegExp) => (text: string) => text.replaceAll(forbidden, '_')

/** How each dialect writes a text as a literal. */
const literals: Readonly<Record<string, ((text: string) => string)[]>> = {
  postgresql: [
    doubled("'"),
    (text) => `E${escaped("'")(text)}`,
    (text) => `e${doubled("'")(text.replaceAll('\\', '\\\\'))}`,
    (text) => `$$${clean(/\$/g)(text)}$$`,
    (text) => `$body$${clean(/\$/g)(text)}$body$`,
    (text) => `U&${doubled("'")(text.replaceAll('\\', '\\\\'))}`,
    (text) => `${doubled("'")(text)}::text`,
    (text) => `B${doubled("'")(text)}`,
  ],
  mysql: [
    escaped("'"),
    escaped('"'),
    (text) => doubled("'")(text.replaceAll('\\', '\\\\')),
    (text) => doubled('"')(text.replaceAll('\\', '\\\\')),
    (text) => `_utf8mb4${escaped("'")(text)}`,
    (text) => `N${escaped("'")(text)}`,
    (text) => `/*! ${escaped("'")(text)} */`,
  ],
  sqlite: [doubled("'"), (text) => `x${doubled("'")(text)}`],
  'microsoft.sql_server': [doubled("'"), (text) => `N${doubled("'")(text)}`],
  'oracle.db': [doubled("'"), (text) => `q'[${clean(/\]/g)(text)}]'`, (text) => `nq'{${clean(/\}/g)(text)}}'`],
  clickhouse: [
    escaped("'"),
    (text) => doubled("'")(text.replaceAll('\\', '\\\\')),
    (text) => `$x$${clean(/\$/g)(text)}$x$`,
  ],
  cassandra: [doubled("'"), (text) => `$$${clean(/\$/g)(text)}$$`],
  snowflake: [escaped("'"), (text) => `$$${clean(/\$/g)(text)}$$`],
  bigquery: [escaped("'"), escaped('"'), (text) => `"""${clean(/["\\]/g)(text)} "quoted" """`],
  other_sql: [
    doubled("'"),
    escaped("'"),
    escaped('"'),
    (text) => `$$${clean(/\$/g)(text)}$$`,
    (text) => `E${escaped("'")(text)}`,
  ],
}
const commentOf: Readonly<Record<string, (text: string) => string>> = {
  mysql: (text) => `# ${clean(/\n/g)(text)}\n`,
  cassandra: (text) => `// ${clean(/\n/g)(text)}\n`,
}

/** Statements with literals at each position where one may stand. */
const shapes = [
  (a: string, b: string) => `SELECT ${a} AS x, y FROM t WHERE z = ${b} AND n > -7.5e3`,
  (a: string, b: string) => `INSERT INTO t (a, b) VALUES (${a}, ${b}), (1, 0x1F)`,
  (a: string, b: string) => `UPDATE t SET a=${a} WHERE b IN (${b}, ${a})`,
  (a: string, b: string) => `DELETE FROM t WHERE a LIKE ${a} OR NOT (b BETWEEN ${b} AND ${a})`,
  (a: string, b: string) => `SELECT f(${a}), CASE WHEN c=${b} THEN ${a} ELSE ${b} END FROM t LIMIT 10`,
  (a: string, b: string) => `CALL p(${a},${b})`,
]

describe.each(Object.keys(literals))('statements of %s', (system) => {
  const dialect = literals[system]!
  const literal = tuple(constantFrom(...dialect), value).map(([write, text]) => write(text))
  const shape = constantFrom(...shapes)

  it('show no secret at any literal', () => {
    assert(
      property(shape, literal, literal, (write, a, b) => {
        expect(maskStatement(write(a, b), system)).not.toContain(secret)
      }),
      runs,
    )
  })

  it('are the same whatever their literals are, and others when their names are', () => {
    const plain = constantFrom(...dialect).filter((write) => !/^(\/\*|_)/.test(write('x')) && !/::/.test(write('x')))
    assert(
      property(shape, plain, value, value, (write, form, one, other) => {
        const masked = maskStatement(write(form(one), form(one)), system)
        if (system === 'other_sql') return
        expect(masked).toBe(maskStatement(write(form(other), form(other)), system))
        expect(masked).toMatch(/\b(FROM|INTO|UPDATE|CALL)\b \w/)
      }),
      runs,
    )
  })

  it('show no secret of a comment, or of a literal that has no end', () => {
    const comment = commentOf[system] ?? ((text: string) => `-- ${clean(/\n/g)(text)}\n`)
    assert(
      property(literal, value, integer({ min: 1, max: 40 }), (a, text, cut) => {
        expect(maskStatement(`SELECT 1 ${comment(text)} FROM t`, system)).not.toContain(secret)
        expect(maskStatement(`SELECT 1 /* ${clean(/[*/]/g)(text)} */ FROM t`, system)).not.toContain(secret)
        const start = a.indexOf(secret) + secret.length
        const whole = `SELECT * FROM t WHERE a = ${a}`
        expect(maskStatement(whole.slice(0, whole.indexOf(a) + Math.min(start + cut, a.length)), system)).not.toContain(
          secret,
        )
      }),
      runs,
    )
  })
})

it('texts of any kind keep to their bounds, and masking them again changes nothing', () => {
  const piece = oneof(
    constantFrom(
      "'",
      '"',
      '\\',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '#',
      '\n',
      '[',
      ']',
      '`',
      'E',
      'x',
      'q',
      'SELECT',
      '7',
      '-',
      ':a',
      '@b',
      '$1',
      ' ',
    ),
    string({ maxLength: 3 }),
  )
  const text: Arbitrary<string> = array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))
  assert(
    property(text, constantFrom(...Object.keys(literals)), (statement, system) => {
      const masked = maskStatement(statement, system)
      expect(masked.length).toBeLessThanOrEqual(4096)
    }),
    runs,
  )
})

it('numbers, uuids and blobs are literals wherever they stand', () => {
  for (const [text, masked] of [
    ['SELECT 4111111111111111, -5, a-7, 1.5e-3, .5, 0xDEAD, t1.c2', 'SELECT ?, ?, a-?, ?, ?, ?, t1.c2'],
    ['WHERE id = f47ac10b-58cc-4372-a567-0e02b2c3d479', 'WHERE id = ?'],
    ["SELECT ARRAY['a', 'b'], m['k']", 'SELECT ARRAY[?, ?], m[?]'],
    ['SELECT $1, $2::int', 'SELECT $1, $2::int'],
  ] as const) {
    expect(maskStatement(text, 'postgresql')).toBe(masked)
  }
  expect(maskStatement('SELECT $12.50, @p1, [a b], #tmp.x', 'mssql')).toBe('SELECT ?, @p1, [a b], #tmp.x')
})

describe('commands of Redis', () => {
  const argument = value.map((text) => text)
  const known =
    'SET GETSET SREM SISMEMBER LREM ZSCORE ZADD EVAL EVALSHA XADD MSET HSET PUBLISH AUTH HELLO CONFIG MIGRATE FCALL GEOADD APPEND NOSUCHCOMMAND LMOVE'
  const call = record({ name: constantFrom(...known.split(' ')), args: array(argument, { maxLength: 6 }) })

  it('show no argument and no id in a key', () => {
    assert(
      property(call, ({ name, args }) => {
        expect(maskCommand(name, args)).not.toContain(secret)
        expect(maskCommand(name, [`cart:${secret}:items`, ...args])).not.toContain(secret)
        expect(maskStatement([name, ...args].join(' '), 'redis')).not.toContain(secret)
      }),
      runs,
    )
  })

  it.each([
    ['SREM', ['cart:42', 'pw'], 'SREM cart:* ?'],
    ['get', ['customer'], 'get customer'],
    [
      'EVALSHA',
      ['a'.repeat(40), 2, 'bull:mail:wait', 'bull:mail:7', '{"to":"ann"}'],
      `EVALSHA ${'a'.repeat(40)} bull:* bull:* ?`,
    ],
    ['EVAL', ['return redis.call("x", "pw")', 0], 'EVAL ? ?'],
    ['mset', ['a', 'pw', 'b', 'pw2'], 'mset a b ?'],
    ['CONFIG', ['SET', 'requirepass', 'pw'], 'CONFIG SET ?'],
    ['AUTH', ['pw'], 'AUTH ?'],
    ['XGROUP', ['CREATE', 'jobs', 'workers', '$'], 'XGROUP CREATE jobs ?'],
    ['PING', [], 'PING'],
  ])('%s %j', (name, args, masked) => expect(maskCommand(name, args)).toBe(masked))
})

it('documents keep their fields and lose their values', () => {
  expect(maskStatement(`{"find":"users","filter":{"email":"${secret}","age":{"$gt":7}}}`, 'mongodb')).toBe(
    '{"find":"?","filter":{"email":"?","age":{"$gt":"?"}}}',
  )
  expect(maskStatement(`{"query":{"term":{"a":["${secret}",1]}}}`, 'elasticsearch')).toBe(
    '{"query":{"term":{"a":["?","?"]}}}',
  )
  expect(maskStatement(`{"unfinished": "${secret}`, 'mongodb')).not.toContain(secret)
})
