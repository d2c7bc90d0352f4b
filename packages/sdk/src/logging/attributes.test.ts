import { expect, it } from 'vitest'
import { toAttributes } from './attributes.ts'

it('keeps plain data and turns the rest into what OTLP can carry', () => {
  const error = new RangeError('too far')
  expect(
    toAttributes({
      text: 'a',
      number: 1.5,
      yes: true,
      nothing: null,
      missing: undefined,
      act: () => 1,
      big: 12345678901234567890n,
      when: new Date(0),
      never: new Date(Number.NaN),
      list: [1, 'two', undefined],
      nested: { deep: { deeper: { deepest: { abyss: 1 } } } },
      error,
    }),
  ).toEqual({
    text: 'a',
    number: 1.5,
    yes: true,
    big: '12345678901234567890',
    when: '1970-01-01T00:00:00.000Z',
    never: 'Invalid Date',
    list: [1, 'two', null],
    nested: { deep: { deeper: { deepest: '[too deep]' } } },
    error: { type: 'RangeError', message: 'too far', stack: error.stack },
  })
})

it('survives circles and bounds what is large', () => {
  const circle: Record<string, unknown> = { long: 'x'.repeat(100_000), many: Array(10_000).fill(1) }
  circle['self'] = circle
  const attributes = toAttributes(circle)
  expect(attributes['self']).toBe('[circular]')
  expect(attributes['long']).toHaveLength(16_384)
  expect(attributes['many']).toHaveLength(128)
  expect(Object.keys(toAttributes(Object.fromEntries(Array(500).entries())))).toHaveLength(0)
  expect(Object.keys(toAttributes(Object.fromEntries([...Array(500).keys()].map((key) => [key, 1]))))).toHaveLength(128)
})
