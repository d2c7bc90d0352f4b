import { expect, it } from 'vitest'
import { durationFault, parseDuration } from './duration-input.ts'

it.each([
  ['250', 250],
  ['250ms', 250],
  ['1.5 s', 1500],
  ['2m', 120_000],
  ['10us', 0.01],
  ['1h', 3_600_000],
])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms))

it.each(['', '-1', 'fast', '1.', '5 days', '1e3'])('refuses %j', (text) => {
  expect(parseDuration(text)).toBeNull()
  expect(durationFault(text)).toBe('Write 250ms, 1.5s or 2m.')
})
