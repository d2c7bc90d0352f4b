import { parse } from '@burstlet/query-language/parse'
import { describe, expect, it } from 'vitest'
import { condition, narrowed } from './condition.ts'

describe('condition', () => {
  it.each([
    ['http.route', '/videos/:id'],
    ['message', "it's a \\ path"],
    ['a key with spaces', 'x'],
    ['not', 'keyword as key'],
    ['http.response.status_code', 500],
    ['duration', 1e-7],
    ['cached', false],
  ])('on %s is read back by the parser', (key, value) => {
    const text = condition(key, '=', value)!
    expect(parse(text)).toMatchObject({ type: 'comparison', field: { name: key }, value: { text: String(value) } })
  })
  it('is not made of what cannot be compared', () => {
    expect(condition('tags', '=', ['a'])).toBeNull()
    expect(condition('a`b', '=', 'x')).toBeNull()
    expect(condition('x', '=', Number.NaN)).toBeNull()
  })
})

describe('narrowed', () => {
  it('keeps the meaning of a filter with OR', () => {
    expect(narrowed("a = 'x' OR b = 'y'", 'c = 1')).toBe("(a = 'x' OR b = 'y') AND c = 1")
    expect(narrowed(undefined, 'c = 1')).toBe('c = 1')
    expect(narrowed('c = 1', 'c = 1')).toBe('c = 1')
  })
})
