import { setTimeout as sleep } from 'node:timers/promises'
import { required, runService } from '../process/service.ts'
import { Visitors } from './visitors.ts'

// The traffic maker: visitors of the gateway at a steady, bounded rate. It stands for browsers and is not instrumented.
const maxInFlight = 20

const rate = Number(required('DEMO_RATE'))
const visitors = new Visitors(required('DEMO_GATEWAY_URL'))
let running = true

async function visit(): Promise<void> {
  const inFlight = new Set<Promise<void>>()
  while (running) {
    // Half to one and a half of the even distance: no two visitors keep time.
    await sleep((1000 / rate) * (0.5 + Math.random()))
    if (inFlight.size >= maxInFlight) continue
    const visit = visitors.act().finally(() => inFlight.delete(visit))
    inFlight.add(visit)
  }
  await Promise.all(inFlight)
}

const visiting = visit()
runService({ url: '' }, async () => {
  running = false
  await visiting
})
