import { expect, it } from 'vitest'
import { isHarmless } from './check-guest.ts'

it.each([
  ['GRANT SELECT ON burstlet.spans TO people', true],
  ['GRANT SHOW TABLES, SELECT(a, b) ON burstlet.spans TO people', true],
  ['GRANT SHOW, SELECT ON burstlet.* TO people', true],
  ['GRANT SELECT ON *.* TO people', false],
  ['GRANT SELECT, INSERT ON burstlet.spans TO people', false],
  ['GRANT FILE, URL ON *.* TO people', false],
  ['GRANT SELECT, dictGet ON burstlet.* TO people', false],
  ['GRANT admin TO people', false],
  ['GRANT ALL ON *.* TO people WITH GRANT OPTION', false],
])('%s', (grant, harmless) => {
  expect(isHarmless(grant)).toBe(harmless)
})
