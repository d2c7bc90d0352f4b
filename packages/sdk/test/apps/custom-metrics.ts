import { setTimeout as sleep } from 'node:timers/promises'
import { metrics, sla } from '@burstlet/monitoring'

// Each kind of metric, one with more tags than any backend wants, and three promises.
const orders = metrics.counter('orders.placed', { unit: '{order}' })
orders.add(1, { plan: 'pro' })
orders.add(2, { plan: 'pro' })
orders.add(2, { plan: 'free' })
metrics.gauge('stock.level').record(7)
const size = metrics.histogram('basket.size')
for (const items of [1, 2, 3, 4]) size.record(items)
const value = metrics.summary('basket.value', { unit: 'EUR' })
for (let amount = 1; amount <= 1000; amount++) value.record(amount)
const visits = metrics.counter('visits')
for (let visitor = 0; visitor < 3000; visitor++) visits.add(1, { visitor: `visitor-${visitor}` })

await sla('checkout', 10_000, () => 'done')
await sla('checkout', 1, () => sleep(20))
await sla('checkout', 10_000, () => Promise.reject(new Error('broken'))).catch(() => {})
