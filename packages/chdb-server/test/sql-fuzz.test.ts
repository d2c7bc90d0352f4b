import { expect, test } from 'vitest'
import { attackSql } from './fuzz/sql-run.ts'

// A seed of each day, so that many are tried and a failure is the same on the next run. The long form is `npm run test:fuzz`.
const seed = Math.floor(Date.now() / 86_400_000)

test('no text gets past either wall', { timeout: 240_000 }, async () => {
  const { texts, vetted, unvetted, faults } = await attackSql({ seed, texts: 1500 })
  expect(faults).toEqual([])
  expect(texts).toBe(1500)
  // Or the texts were nothing but broken.
  expect(vetted.answered).toBeGreaterThan(50)
  expect(unvetted.answered).toBeGreaterThan(50)
})
