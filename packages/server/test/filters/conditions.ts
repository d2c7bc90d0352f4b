import type { Random } from '../rows/random.ts'
import { type Item, spanIds, traceIds, words } from './items.ts'

/** A filter as a test thinks of it, apart from the parser's tree. */
export type Question =
  | { readonly type: 'and' | 'or'; readonly operands: readonly Question[] }
  | { readonly type: 'not'; readonly operand: Question }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'some'; readonly of: 'event' | 'link'; readonly operand: Question }
  | Asked

export interface Asked {
  readonly type: 'asked'
  readonly key: string
  readonly operator: Operator
  readonly values: readonly Literal[]
}

const operators = [
  ...(['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'EXISTS', 'NOT EXISTS'] as const),
  ...(['CONTAINS', 'NOT CONTAINS', 'LIKE', 'NOT LIKE', 'REGEXP', 'NOT REGEXP'] as const),
]
export type Operator = (typeof operators)[number]
export type Literal = string | boolean | bigint | number

export function textOf(question: Question): string {
  switch (question.type) {
    case 'and':
    case 'or':
      return question.operands.map((each) => `(${textOf(each)})`).join(` ${question.type.toUpperCase()} `)
    case 'not':
      return `NOT (${textOf(question.operand)})`
    case 'text':
      return quoted(question.text)
    case 'some':
      return `${question.of}{${textOf(question.operand)}}`
    default: {
      const { key, operator, values } = question
      const field = /^[A-Za-z_.]+$/.test(key) ? key : `\`${key}\``
      const literals = values.map((value) => (typeof value === 'string' ? quoted(value) : String(value)))
      if (operator.endsWith('EXISTS')) return `${field} ${operator}`
      return `${field} ${operator} ${operator.endsWith('IN') ? `(${literals.join(', ')})` : literals[0]}`
    }
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

const attributeKeys = [
  ...[
    'k',
    'n',
    'zones',
    'user',
    'user.age',
    'user.name',
    'user.tags',
    'user.deep.x',
    'user.deep.y',
    'user.deep',
    'a.b.c',
  ],
  ...['exception.type', 'odd "key"', 'nothing', 'never.there', 'url.full', 'http.url', 'user.id'],
]
const fields: Record<Item['signal'], readonly string[]> = {
  spans: [
    ...['name', 'status_message', 'trace_state', 'http.route', 'http.request.method', 'http.method', 'db.system'],
    ...['db.system.name', 'http.response.status_code', 'http.status_code', 'attribute.http.response.status_code'],
  ],
  logs: ['severity_text', 'event_name'],
  metrics: ['unit', 'name'],
}
const common = ['service.name', 'scope.name', 'scope.version', 'host.name']
const numbers: readonly Literal[] = [5n, 0n, -1n, 1.5, 0.5, 404n, 200n, 9_223_372_036_854_775_807n, 1e30]
const texts = [
  ...words,
  'X',
  'GET',
  '/a',
  'mysql',
  'h1',
  'video',
  'lib',
  '1',
  '404',
  'failed',
  'a=1',
  'exception',
  'WARN',
]

export function randomQuestion(random: Random, signal: Item['signal'], depth = 3): Question {
  if (depth === 0 || random.chance(0.35)) return leaf(random, signal)
  const next = () => randomQuestion(random, signal, depth - 1)
  switch (random.whole(signal === 'spans' ? 5 : 3)) {
    case 0:
      return { type: 'and', operands: [next(), next()] }
    case 1:
      return { type: 'or', operands: [next(), next()] }
    case 2:
      return { type: 'not', operand: next() }
    default: {
      const of = random.of(['event', 'link'] as const)
      return { type: 'some', of, operand: ofElement(random, of, Math.min(depth, 2)) }
    }
  }
}

function ofElement(random: Random, of: 'event' | 'link', depth: number): Question {
  if (depth > 0 && random.chance(0.6)) {
    const next = () => ofElement(random, of, depth - 1)
    const type = random.of(['and', 'or', 'not'] as const)
    return type === 'not' ? { type, operand: next() } : { type, operands: [next(), next()] }
  }
  if (of === 'event' && random.chance(0.3)) return asked(random, 'name')
  if (of === 'link' && random.chance(0.4)) return ofLink(random, random.of(['trace_id', 'span_id', 'trace_state']))
  return asked(random, random.of(attributeKeys))
}

function ofLink(random: Random, key: string): Question {
  const id = key.endsWith('trace_id') ? traceIds : key.endsWith('span_id') ? spanIds : undefined
  return id ? identity(random, key, id) : asked(random, key)
}

function leaf(random: Random, signal: Item['signal']): Question {
  const prefix = random.of([
    '',
    '',
    'attribute.',
    'resource.',
    'scope.',
    'any.',
    ...(signal === 'spans' ? ['event.', 'link.'] : []),
  ])
  if (random.chance(0.45)) return asked(random, prefix + random.of(attributeKeys))
  if (signal === 'spans' && random.chance(0.5)) return ofSpan(random)
  if (signal === 'logs' && random.chance(0.5)) return ofLog(random)
  return asked(random, random.of([...common, ...fields[signal]]))
}

function ofSpan(random: Random): Question {
  const choice = (key: string, values: readonly Literal[]): Question => ({
    type: 'asked',
    key,
    ...chosen(random, ['=', '!=', 'IN', 'NOT IN', 'EXISTS', 'NOT EXISTS'], () => random.of(values)),
  })
  return random.of<() => Question>([
    () => choice('kind', ['server', 'client', 'unspecified', 99n, 0n]),
    () => choice('status', ['error', 'unset', 99n]),
    () => ({
      type: 'asked',
      key: 'duration',
      ...chosen(random, ['=', '!=', '<', '>=', 'IN', 'NOT IN', 'EXISTS'], () => random.of([0n, 50n, 250n])),
    }),
    () => identity(random, 'trace_id', traceIds),
    () => identity(random, 'parent_id', spanIds),
    () => identity(random, 'link.span_id', spanIds),
    () => identity(random, 'link.trace_id', traceIds),
    () => asked(random, random.of(['event.name', 'link.trace_state'])),
    () => ({ type: 'text', text: random.of(['a', 'GET', 'fail', 'none']) }),
  ])()
}

function ofLog(random: Random): Question {
  const levels = ['unset', 'trace', 'info', 'error', 'fatal', 9n, 30n, 0n]
  return random.of<() => Question>([
    () => ({
      type: 'asked',
      key: random.of(['level', 'severity']),
      ...chosen(random, ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'EXISTS'], () => random.of(levels)),
    }),
    () => identity(random, 'trace_id', traceIds),
    () => identity(random, 'span_id', spanIds),
    () => asked(random, 'body'),
    () => ({ type: 'text', text: random.of(['refused', 'upload', 'a', 'none']) }),
  ])()
}

function identity(random: Random, key: string, ids: readonly string[]): Question {
  const zeros = '0'.repeat(ids[0]!.length)
  return {
    type: 'asked',
    key,
    ...chosen(random, ['=', '!=', 'IN', 'NOT IN', 'EXISTS', 'NOT EXISTS'], () => random.of([...ids, zeros])),
  }
}

function asked(random: Random, key: string): Question {
  const one = (): Literal =>
    random.of<() => Literal>([
      () => random.of(texts),
      () => random.of(texts),
      () => random.of(numbers),
      () => random.chance(0.5),
    ])()
  const { operator, values } = chosen(random, operators, one)
  if (operator.endsWith('LIKE'))
    return { type: 'asked', key, operator, values: [random.of(['%', 'a%', '%b', '_', '', 'v_', '%5%'])] }
  if (operator.endsWith('REGEXP'))
    return { type: 'asked', key, operator, values: [random.of(['.*', '^a', 'b$', '^$', '[0-9]+', 'X|Y'])] }
  // Booleans have no order.
  if (/^[<>]/.test(operator) && typeof values[0] === 'boolean') return { type: 'asked', key, operator, values: ['b'] }
  return { type: 'asked', key, operator, values }
}

function chosen(
  random: Random,
  of: readonly Operator[],
  value: () => Literal,
): { operator: Operator; values: readonly Literal[] } {
  const operator = random.of(of)
  if (operator.endsWith('EXISTS')) return { operator, values: [] }
  return { operator, values: Array.from({ length: operator.endsWith('IN') ? 1 + random.whole(7) : 1 }, value) }
}
