import type { AnyValue, KeyValue } from '../rows/otlp.ts'
import type { Asked, Literal, Operator, Question } from './conditions.ts'
import type { Event, Item, Link } from './items.ts'

// What a filter means, told again and independently: over the items as they were sent, without SQL.

/** Whether the item is what the filter asks for. */
export function holds(question: Question, item: Item): boolean {
  return evaluate(question, {
    asked: (each) => askedOfItem(each, item),
    text: (text) => hasText(text, item),
    some(of, operand) {
      const { events = [], links = [] } = item.record
      return of === 'event'
        ? events.some((event) => evaluate(operand, { asked: (each) => askedOfEvent(each, event) }))
        : links.some((link) => evaluate(operand, { asked: (each) => askedOfLink(each, link) }))
    },
  })
}

interface Subject {
  asked(asked: Asked): boolean
  text?(text: string): boolean
  some?(of: 'event' | 'link', operand: Question): boolean
}

function evaluate(question: Question, subject: Subject): boolean {
  switch (question.type) {
    case 'and':
      return question.operands.every((each) => evaluate(each, subject))
    case 'or':
      return question.operands.some((each) => evaluate(each, subject))
    case 'not':
      return !evaluate(question.operand, subject)
    case 'text':
      return subject.text!(question.text)
    case 'some':
      return subject.some!(question.of, question.operand)
    default:
      return subject.asked(question)
  }
}

function hasText(wanted: string, { record, signal }: Item): boolean {
  const within = (text = '') => text.toLowerCase().includes(wanted.toLowerCase())
  if (signal === 'spans') return within(record.name) || within(record.status?.message)
  // Whole words of the body.
  return signal === 'logs' && within(record.body?.stringValue) && hasWord(record.body?.stringValue, wanted)
}

function hasWord(body = '', wanted: string): boolean {
  return body
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .includes(wanted.toLowerCase())
}

function askedOfItem(asked: Asked, item: Item): boolean {
  const { key } = asked
  const { record } = item
  const [, prefix = '', rest = key] = /^(resource|scope|event|link|any|attribute)\.(.+)$/s.exec(key) ?? []
  switch (prefix) {
    case 'resource':
      return onValues(asked, allNames(item.resource, rest))
    case 'scope':
      return onValues(
        asked,
        rest === 'name' || rest === 'version' ? text(item.scope[rest]) : lookUp(item.scope.attributes, rest),
      )
    case 'event':
      return onValues(
        asked,
        (record.events ?? []).flatMap((event) => valuesOfEvent(event, rest)),
      )
    case 'link':
      return onValues(
        asked,
        (record.links ?? []).flatMap((link) => valuesOfLink(link, rest)),
      )
    case 'any': {
      const { events = [], links = [] } = record
      return onValues(asked, [
        ...allNames(record.attributes, rest),
        ...allNames(item.resource, rest),
        ...[item.scope, ...events, ...links].flatMap(({ attributes }) => lookUp(attributes, rest)),
      ])
    }
    case 'attribute':
      return onValues(asked, allNames(record.attributes, rest))
    default:
      return (
        intrinsic(asked, item) ??
        onValues(asked, [
          ...allNames(record.attributes, key),
          ...(key === 'host.name' ? allNames(item.resource, key) : []),
        ])
      )
  }
}

function askedOfEvent(asked: Asked, event: Event): boolean {
  return onValues(asked, valuesOfEvent(event, asked.key))
}

function askedOfLink(asked: Asked, link: Link): boolean {
  return onValues(asked, valuesOfLink(link, asked.key))
}

function valuesOfEvent(event: Event, key: string): AnyValue[] {
  return key === 'name' ? text(event.name) : lookUp(event.attributes, key)
}

function valuesOfLink(link: Link, key: string): AnyValue[] {
  if (key === 'trace_id') return text(link.traceId)
  if (key === 'span_id') return text(link.spanId)
  return key === 'trace_state' ? text(link.traceState) : lookUp(link.attributes, key)
}

/** Fields of the signals themselves; undefined when the key is that of an attribute. */
function intrinsic(asked: Asked, { signal, record, resource }: Item): boolean | undefined {
  const { key } = asked
  if (key === 'service.name') return onValues(asked, lookUp(resource, key))
  if (signal === 'metrics') {
    return key === 'unit' || key === 'name' ? onValues(asked, text(key === 'unit' ? '1' : 'filtered')) : undefined
  }
  if (signal === 'logs') {
    switch (key) {
      case 'body':
        return onValues(asked, record.body ? [record.body] : [])
      case 'level':
      case 'severity':
        return onSeverity(asked, record.severityNumber ?? 0)
      case 'severity_text':
        return onValues(asked, text(record.severityText))
      case 'event_name':
        return onValues(asked, text(record.eventName))
      case 'trace_id':
        return onValues(asked, text(record.traceId))
      case 'span_id':
        return onValues(asked, text(record.spanId))
      default:
        return undefined
    }
  }
  switch (key) {
    case 'name':
      return onValues(asked, text(record.name))
    case 'status_message':
      return onValues(asked, text(record.status?.message))
    case 'trace_state':
      return onValues(asked, text(record.traceState))
    case 'trace_id':
      return onValues(asked, text(record.traceId))
    case 'parent_id':
      return onValues(asked, text(record.parentSpanId))
    case 'kind':
      return onChoice(asked, record.kind ?? 0, ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'])
    case 'status':
      return onChoice(asked, record.status?.code ?? 0, ['unset', 'ok', 'error'])
    case 'duration': {
      const nanos = BigInt(record.endTimeUnixNano!) - BigInt(record.startTimeUnixNano!)
      return onValues(asked, [{ doubleValue: Math.max(0, Number(nanos) / 1e6) }])
    }
    default:
      return ofColumn(asked, record.attributes)
  }
}

const columns: readonly (readonly string[])[] = [
  ['http.route'],
  ['http.request.method', 'http.method'],
  ['db.system.name', 'db.system'],
]
const statusNames = ['http.response.status_code', 'http.status_code']

/**
 * Attributes that spans have columns for: the newest name that has a value of the column's type counts, an empty text as
 * missing. Values of other types are looked for in the attributes.
 */
function ofColumn(asked: Asked, attributes: KeyValue[]): boolean | undefined {
  const own = (name: string) => attributes.find(({ key }) => key === name)?.value
  const names = columns.find((each) => each.includes(asked.key))
  if (names) {
    if (!asked.values.every((value) => typeof value === 'string' && value !== '')) return undefined
    const found = names.map(own).find((value) => value?.stringValue !== undefined)
    return onValues(asked, text(found?.stringValue))
  }
  if (!statusNames.includes(asked.key)) return undefined
  const isMatch = /CONTAINS|LIKE|REGEXP/.test(asked.operator)
  if (isMatch || !asked.values.every((value) => typeof value === 'bigint' || typeof value === 'number'))
    return undefined
  const codes = statusNames.map((name) => Number(own(name)?.intValue ?? own(name)?.stringValue))
  const code = codes.find((each) => Number.isInteger(each) && each > 0)
  return onValues(asked, code === undefined ? [] : [{ intValue: String(code) }])
}

const ranges: Record<string, [number, number]> = {
  unset: [0, 0],
  trace: [1, 4],
  debug: [5, 8],
  info: [9, 12],
  warn: [13, 16],
  error: [17, 20],
  fatal: [21, 255],
}

function onSeverity({ operator, values }: Asked, severity: number): boolean {
  const rangeOf = (value: Literal) => (typeof value === 'string' ? ranges[value]! : [Number(value), Number(value)])
  const within = (value: Literal) => severity >= rangeOf(value)[0]! && severity <= rangeOf(value)[1]!
  const [low = 0, high = 0] = values[0] === undefined ? [] : rangeOf(values[0])
  switch (operator) {
    case 'EXISTS':
      return severity !== 0
    case '<':
      return severity < low
    case '<=':
      return severity <= high
    case '>':
      return severity > high
    case '>=':
      return severity >= low
    default:
      return values.some(within) === !isNegative(operator)
  }
}

/** What was not sent is a value of these, and not a missing field. */
function onChoice({ operator, values }: Asked, code: number, names: readonly string[]): boolean {
  if (operator === 'EXISTS') return code !== 0
  if (operator === 'NOT EXISTS') return code === 0
  const named = values.map((value) => (typeof value === 'string' ? names.indexOf(value) : Number(value)))
  return named.includes(code) === !isNegative(operator)
}

function text(value: string | undefined): AnyValue[] {
  return value === undefined || value === '' ? [] : [{ stringValue: value }]
}

const renamed = [['url.full', 'http.url'], ['user.id', 'enduser.id'], ...columns, statusNames]

function allNames(attributes: KeyValue[], key: string): AnyValue[] {
  const names = renamed.find((each) => each.includes(key)) ?? [key]
  return names.flatMap((name) => lookUp(attributes, name))
}

/** What a key names: the attribute itself, and members of map attributes that it reaches into at any of its dots. */
function lookUp(attributes: KeyValue[], key: string): AnyValue[] {
  const own = (name: string) => attributes.findLast((each) => each.key === name)?.value
  const dots = [...key.matchAll(/\./g)].map(({ index }) => index)
  const reached = dots.flatMap((at) => lookUp(own(key.slice(0, at))?.kvlistValue?.values ?? [], key.slice(at + 1)))
  return [...[own(key) ?? []].flat(), ...reached]
}

function isNegative(operator: Operator): boolean {
  return operator === '!=' || operator.startsWith('NOT ')
}

const opposites: Partial<Record<Operator, Operator>> = {
  '!=': '=',
  'NOT IN': 'IN',
  'NOT CONTAINS': 'CONTAINS',
  'NOT LIKE': 'LIKE',
  'NOT REGEXP': 'REGEXP',
}

/** A missing field fulfils nothing but NOT EXISTS. */
function onValues({ operator, values }: Pick<Asked, 'operator' | 'values'>, found: readonly AnyValue[]): boolean {
  if (operator === 'EXISTS') return found.length > 0
  if (operator === 'NOT EXISTS') return found.length === 0
  const opposite = opposites[operator]
  if (opposite) return found.length > 0 && !onValues({ operator: opposite, values }, found)
  return found.some((value) => fulfils(value, operator, values))
}

function fulfils(value: AnyValue, operator: Operator, values: readonly Literal[]): boolean {
  const [wanted = ''] = values
  switch (operator) {
    case 'IN':
      return values.some((each) => compare(value, '=', each))
    case 'CONTAINS':
      return (
        value.stringValue?.toLowerCase().includes(String(wanted).toLowerCase()) ||
        (value.arrayValue?.values.some((each) => compare(each, '=', wanted)) ?? false)
      )
    case 'LIKE':
      return like(String(wanted)).test(value.stringValue ?? '\0')
    case 'REGEXP':
      return value.stringValue !== undefined && new RegExp(String(wanted), 's').test(value.stringValue)
    default:
      return compare(value, operator, wanted)
  }
}

function like(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('%', '[^\\0]*').replaceAll('_', '[^\\0]')}$`, 's')
}

/** Texts with texts, numbers with numbers, booleans with booleans. */
function compare(value: AnyValue, operator: Operator, wanted: Literal): boolean {
  if (typeof wanted === 'string')
    return value.stringValue !== undefined && ordered(bytes(value.stringValue), operator, bytes(wanted))
  if (typeof wanted === 'boolean') return operator === '=' && value.boolValue === wanted
  if (value.intValue !== undefined) return ordered(BigInt(value.intValue), operator, wanted)
  return value.doubleValue !== undefined && ordered(value.doubleValue, operator, Number(wanted))
}

function bytes(value: string): string {
  return Buffer.from(value).toString('latin1')
}

function ordered<Order extends string | bigint | number>(
  a: Order,
  operator: Operator,
  b: bigint | number | Order,
): boolean {
  switch (operator) {
    case '=':
      // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals the number that it is
      return a == b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    default:
      return a >= b
  }
}
