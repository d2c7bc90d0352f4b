import { describe, expect, it } from 'vitest'
import { durationText } from './duration.ts'
import { bytes, count, percent, plural, quantityText, rate } from './number.ts'

describe('durationText', () => {
  it.each([
    [null, '—'],
    [Number.NaN, '—'],
    [0, '0 ms'],
    [0.0004, '400 ns'],
    [0.25, '250 µs'],
    [6, '6 ms'],
    [37.6, '37.6 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [4123, '4.12 s'],
    [59_400, '59.4 s'],
    [150_000, '2.5 min'],
    [7_800_000, '2.17 h'],
  ])('reads %s ms as %s', (ms, text) => expect(durationText(ms)).toBe(text))
})

describe('numbers', () => {
  it('counts', () => {
    expect([0, 1482, 9999, 10_400, 999_949, 2_100_000, 4.1e9].map((n) => count(n))).toEqual([
      '0',
      '1,482',
      '9,999',
      '10.4 k',
      '999.9 k',
      '2.1 M',
      '4.1 B',
    ])
  })
  it('rates, without showing a trickle as none', () => {
    expect([0, 0.001, 0.42, 8.34, 284.4, 1284].map((n) => quantityText(rate(n)))).toEqual([
      '0/s',
      '<0.01/s',
      '0.42/s',
      '8.3/s',
      '284/s',
      '1,284/s',
    ])
  })
  it('percent, without showing a little as none', () => {
    expect([0, 0.000001, 0.0018, 0.0682, 0.714, 1].map((n) => quantityText(percent(n)))).toEqual([
      '0 %',
      '<0.01 %',
      '0.18 %',
      '6.82 %',
      '71.4 %',
      '100 %',
    ])
  })
  it('bytes and plurals', () => {
    expect([512, 1536, 33_500_000_000].map((n) => bytes(n))).toEqual(['512 B', '1.5 KiB', '31.2 GiB'])
    expect([plural(1, 'trace'), plural(2, 'trace'), plural(3, 'query', 'queries')]).toEqual([
      '1 trace',
      '2 traces',
      '3 queries',
    ])
  })
})
