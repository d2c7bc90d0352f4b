import { expect, test } from 'vitest'
import { conversion, dimensionOf } from './units.ts'

test.each([
  ['ms', 's', 0.001],
  ['us', 'ms', 0.001],
  ['ns', 's', 1e-9],
  ['min', 's', 60],
  ['h', 'min', 60],
  ['seconds', 'ms', 1000],
  ['kBy', 'By', 1000],
  ['KiBy', 'By', 1024],
  ['MiBy', 'KiBy', 1024],
  ['GBy', 'MBy', 1000],
  ['bytes', 'By', 1],
  ['%', '1', 0.01],
  ['1', '%', 100],
  ['', '1', 1],
  ['{request}', '{error}', 1],
  ['{request}', '', 1],
  ['By{used}', 'KiBy', 1 / 1024],
  ['kBy/s', 'By/min', 60_000],
  ['{request}/s', 'Hz', 1],
  ['widget', 'widget', 1],
  ['ms', 'By', undefined],
  ['By', '', undefined],
  ['Cel', 'K', undefined],
])('%s in %s', (from, to, factor) => {
  const found = conversion(from, to)
  if (factor === undefined) expect(found).toBeUndefined()
  else expect(found! / factor).toBeCloseTo(1, 12)
  expect(dimensionOf(from) === dimensionOf(to)).toBe(factor !== undefined)
})
