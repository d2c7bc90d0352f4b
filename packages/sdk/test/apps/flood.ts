import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@burstlet/monitoring'

// Ten thousand spans a second for three seconds, in steps of ten milliseconds.
const startedAt = performance.now()
for (let made = 0; made < 30_000; made += 100) {
  for (let i = 0; i < 100; i++) trace('flood', { attributes: { made, i } }, () => {})
  await sleep(Math.max(0, startedAt + made / 10 - performance.now()))
}
