import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@burstlet/monitoring'

// Ten thousand spans: each second for three seconds in steps of ten milliseconds, or all at once.
const make = (count: number) => {
  for (let i = 0; i < count; i++) trace('flood', { attributes: { i } }, () => {})
}
if (process.argv[2] === 'at-once') make(10_000)
else {
  const startedAt = performance.now()
  for (let made = 0; made < 30_000; made += 100) {
    make(100)
    await sleep(Math.max(0, startedAt + made / 10 - performance.now()))
  }
}
