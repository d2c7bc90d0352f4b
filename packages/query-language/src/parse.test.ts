import { describe, expect, test } from 'vitest'
import { type Filter, FilterError } from './filter.ts'
import { filterLimits, parse } from './parse.ts'

/** A short form to compare by: fields and values without their columns. */
function show(filter: Filter): string {
  switch (filter.type) {
    case 'and':
    case 'or':
      return `${filter.type}(${filter.operands.map(show).join(' ')})`
    case 'not':
      return `not(${show(filter.operand)})`
    case 'text':
      return `text:${filter.text}`
    case 'exists':
      return `exists:${filter.field.name}`
    case 'some':
      return `${filter.of}{${show(filter.operand)}}`
    case 'in':
      return `${filter.field.name} ${filter.negated ? 'not ' : ''}in ${filter.values.map((v) => `${v.type}:${v.text}`).join('|')}`
    case 'comparison':
      return `${filter.field.name} ${filter.operator} ${filter.value.type}:${filter.value.text}`
    default:
      return `${filter.field.name} ${filter.negated ? 'not ' : ''}${filter.type} ${filter.value.type}:${filter.value.text}`
  }
}

describe('meaning', () => {
  test.each([
    ['', 'and()'],
    ['  \n', 'and()'],
    ["service.name = 'video'", 'service.name = string:video'],
    ['service.name=video', 'service.name = string:video'],
    ['a == 1', 'a = number:1'],
    ['a <> 1', 'a != number:1'],
    ['http.response.status_code >= 500', 'http.response.status_code >= number:500'],
    ['duration > 250ms', 'duration > duration:250ms'],
    ['duration>1.5s', 'duration > duration:1.5s'],
    ['error = true', 'error = boolean:true'],
    ['a = -1.5e3', 'a = number:-1.5e3'],
    ['trace_id = 4bf92f3577b34da6a3ce929d0e0e4736', 'trace_id = string:4bf92f3577b34da6a3ce929d0e0e4736'],
    ['http.route = /videos/:id', 'http.route = string:/videos/:id'],
    ['a=1 AND b=2 OR c=3', 'or(and(a = number:1 b = number:2) c = number:3)'],
    ['a=1 AND (b=2 OR c=3)', 'and(a = number:1 or(b = number:2 c = number:3))'],
    ['a=1 b=2', 'and(a = number:1 b = number:2)'],
    ['a=1 && b=2 || c=3', 'or(and(a = number:1 b = number:2) c = number:3)'],
    ['NOT a=1 AND b=2', 'and(not(a = number:1) b = number:2)'],
    ['not not a=1', 'not(not(a = number:1))'],
    ['NOT (a=1 OR b=2)', 'not(or(a = number:1 b = number:2))'],
    ["a IN ('x', y, 3)", 'a in string:x|string:y|number:3'],
    ["a NOT IN ('x')", 'a not in string:x'],
    ["NOT a IN ('x')", 'not(a in string:x)'],
    ['a not  in (1)', 'a not in number:1'],
    ['http.route EXISTS', 'exists:http.route'],
    ['http.route NOT EXISTS', 'not(exists:http.route)'],
    ['EXISTS http.route', 'exists:http.route'],
    ['EXISTS (http.route)', 'exists:http.route'],
    ['a EXISTS b EXISTS', 'and(exists:a exists:b)'],
    ["body CONTAINS 'timeout'", 'body contains string:timeout'],
    ["NOT http.route LIKE '/internal/%'", 'not(http.route like string:/internal/%)'],
    ["http.route NOT LIKE '/internal/%'", 'http.route not like string:/internal/%'],
    ["event{name = 'x' AND a.b > 5}", 'event{and(name = string:x a.b > number:5)}'],
    ['event {a = /users/{id}} b', 'and(event{a = string:/users/{id}} text:b)'],
    ['NOT link{(a NOT EXISTS OR NOT b=1)c}', 'not(link{and(or(not(exists:a) not(b = number:1)) text:c)})'],
    ['a = /users/{id} x = {{y}} eventful{z}', 'and(a = string:/users/{id} x = string:{{y}} text:eventful{z})'],
    ["event = 'x' event.name = link", 'and(event = string:x event.name = string:link)'],
    [String.raw`name REGEXP '^GET \d+$'`, String.raw`name regexp string:^GET \d+$`],
    ['timeout', 'text:timeout'],
    ['connection refused', 'and(text:connection text:refused)'],
    ['"connection refused"', 'text:connection refused'],
    ['timeout NOT retry', 'and(text:timeout not(text:retry))'],
    ['timeout NOT INSIDE', 'and(text:timeout not(text:INSIDE))'],
    ["timeout service.name = 'video' 500", 'and(text:timeout service.name = string:video text:500)'],
    ['`and` = 1', 'and = number:1'],
    ['`my key` EXISTS', 'exists:my key'],
    ["a = 'it''s'", "a = string:it's"],
    [String.raw`a = 'it\'s \\ \n'`, "a = string:it's \\ \n"],
    [`a = 'say "hi"'`, 'a = string:say "hi"'],
    ['名前 = 東京', '名前 = string:東京'],
    [
      "service.name = 'video' AND http.response.status_code >= 500 AND NOT http.route LIKE '/internal/%' AND body CONTAINS 'timeout'",
      'and(service.name = string:video http.response.status_code >= number:500 not(http.route like string:/internal/%) body contains string:timeout)',
    ],
  ])('%s', (text, expected) => expect(show(parse(text))).toBe(expected))
})

test('an integer keeps every digit, a duration becomes nanoseconds', () => {
  expect(parse('a = 9223372036854775807')).toMatchObject({ value: { text: '9223372036854775807' } })
  expect(parse('duration >= 1.5s')).toMatchObject({ value: { nanoseconds: 1.5e9 } })
  expect(parse('duration < 20µs')).toMatchObject({ value: { nanoseconds: 20_000 } })
})

test('a field knows its column', () => {
  expect(parse('  a = 1')).toMatchObject({ field: { name: 'a', column: 3 }, value: { column: 7 } })
})

describe('faults have their column', () => {
  test.each([
    ['a =', 4],
    ['a = = 1', 5],
    ['a = 1 AND', 10],
    ['(a = 1', 7],
    ['a = 1)', 6],
    ['a IN ()', 7],
    ['a IN (1', 8],
    ["a = 'x", 5],
    ['AND a = 1', 1],
    ['a ! 1', 3],
    ['a >', 4],
    ['NOT', 4],
    ["a LIKE AND b = 'x'", 8],
    ['event{}', 7],
    ['event{a = 1', 12],
    ['event{a = 1}}', 13],
    ['event{(a = 1}', 13],
    ['a = }', 5],
  ])('%s', (text, column) => {
    const error = fault(text)
    expect(error).toBeInstanceOf(FilterError)
    expect(error?.column).toBe(column)
    expect(error?.message).toContain(`column ${column}`)
  })
})

test.each([
  ['a =', 'A value has to follow ='],
  ['a = 1 AND', 'Something has to follow AND'],
  ['(a = 1', 'A closing ) is missing'],
  ['a = 1)', 'No ( is open here'],
  ['a IN ()', 'at least one value'],
  ['AND a = 1', 'one is missing before it'],
  ['a ! 1', 'written !='],
  ["a LIKE AND b = 'x'", 'goes in quotes'],
  ['event{a = 1', 'A closing } is missing'],
  ['event{}', 'between the braces'],
  ['a = 1}', 'in quotes'],
])('%s has a hint', (text, hint) => expect(fault(text)?.hint).toContain(hint))

test('what a filter may ask is bounded', () => {
  expect(fault('a'.repeat(filterLimits.length + 1))?.message).toContain('characters')
  expect(fault(`${'('.repeat(4000)}a${')'.repeat(4000)}`)?.message).toContain('too many')
  expect(fault(`${'('.repeat(40)}a${')'.repeat(40)}`)?.message).toContain('deeply')
  expect(fault(`${'event{'.repeat(40)}a${'}'.repeat(40)}`)?.message).toContain('deeply')
  expect(fault(`${'event{'.repeat(1000)}a${'}'.repeat(1000)}`)?.message).toContain('too many')
  expect(fault('a '.repeat(filterLimits.conditions + 1))?.message).toContain('conditions')
  expect(fault(`a IN (${'1,'.repeat(filterLimits.values)}1)`)?.message).toContain('values')
})

function fault(text: string): FilterError | undefined {
  try {
    parse(text)
  } catch (error) {
    return error as FilterError
  }
  return undefined
}
