import type { TextMapPropagator } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { listFromEnv } from './environment-values.ts'
import { loadPackage } from './load.ts'
import { notice } from './notice.ts'

type B3 = typeof import('@opentelemetry/propagator-b3')

const makers: Record<string, () => TextMapPropagator> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
  b3: () => new (loadPackage<B3>('@opentelemetry/propagator-b3').B3Propagator)(),
  b3multi: () => {
    const { B3InjectEncoding, B3Propagator } = loadPackage<B3>('@opentelemetry/propagator-b3')
    return new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })
  },
}

/** The headers that carry a trace, as OTEL_PROPAGATORS says; W3C trace context and baggage unless it does. */
export function createPropagator(): TextMapPropagator | undefined {
  const asked = listFromEnv('OTEL_PROPAGATORS')
  if (asked.includes('none')) return undefined
  const propagators: TextMapPropagator[] = []
  for (const name of asked.length > 0 ? asked : ['tracecontext', 'baggage']) {
    const make = makers[name]
    if (make === undefined) notice(`OTEL_PROPAGATORS: there is no propagator ${name}.`)
    else propagators.push(make())
  }
  return propagators.length === 0 ? undefined : new CompositePropagator({ propagators })
}
