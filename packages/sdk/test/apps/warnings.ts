import { metrics as ours, trace } from '@burstlet/monitoring'
import { metrics } from '@opentelemetry/api'

// What a service does wrong, and OpenTelemetry warns of.
trace('over', (span) => {
  span.end()
  span.setAttribute('too', 'late')
})
ours.counter('counted').add(1)
metrics.getMeter('app').createCounter('9 is no way to begin a name').add(1)
