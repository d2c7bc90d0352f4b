import { type Attributes, createNoopMeter, type Meter, metrics as otel } from '@opentelemetry/api'
import { sdkState } from '../runtime/state.ts'
import { SDK_VERSION } from '../runtime/version.ts'
import { CUSTOM_SCOPE, SUMMARY_SCOPE } from './scopes.ts'

/** What a metric is about: its unit in UCUM (`s`, `By`, `{upload}`) and one sentence for people. */
export type InstrumentOptions = { unit?: string; description?: string }

/** Dimensions of a measurement. Keep the number of different values small: each combination is a series. */
export type Tags = Attributes

/** Counts what happened. */
export type Counter = {
  /** Adds `value`, which is not negative, to the total of these tags. */
  add(value: number, tags?: Tags): void
}

/** Keeps a value: the last one, or the distribution of all. */
export type Recorder = {
  /** Records one value under these tags. */
  record(value: number, tags?: Tags): void
}

/**
 * A service's own metrics. Instruments may be made before or after the SDK starts, once per name or each time:
 * the same name, unit and description is the same metric.
 */
export const metrics = {
  /** A total that only grows. `.add(1, { plan: 'pro' })` */
  counter(name: string, options: InstrumentOptions = {}): Counter {
    const instrument = lazily((meter) => meter.createCounter(name, options), CUSTOM_SCOPE)
    return { add: (value, tags) => instrument().add(value, tags) }
  },
  /** A value at a point in time; the last one counts. `.record(12)` */
  gauge(name: string, options: InstrumentOptions = {}): Recorder {
    const instrument = lazily((meter) => meter.createGauge(name, options), CUSTOM_SCOPE)
    return { record: (value, tags) => instrument().record(value, tags) }
  },
  /** A distribution in the fixed buckets of OpenTelemetry. */
  histogram(name: string, options: InstrumentOptions = {}): Recorder {
    const instrument = lazily((meter) => meter.createHistogram(name, options), CUSTOM_SCOPE)
    return { record: (value, tags) => instrument().record(value, tags) }
  },
  /** A distribution whose quantiles are exact to a few percent at any scale: an exponential histogram. */
  summary(name: string, options: InstrumentOptions = {}): Recorder {
    const instrument = lazily((meter) => meter.createHistogram(name, options), SUMMARY_SCOPE)
    return { record: (value, tags) => instrument().record(value, tags) }
  },
}

/**
 * Makes the instrument at its first use after the SDK started: OpenTelemetry gives a meter that does nothing to whoever asks
 * before, and an instrument made at the top of a module often is that early.
 */
function lazily<T>(create: (meter: Meter) => T, scope: string): () => T {
  let real: T | undefined
  return () => {
    if (real !== undefined) return real
    const state = sdkState()
    if (state.startedBy === undefined || !state.customMetrics) return create(createNoopMeter())
    real = create(otel.getMeter(scope, SDK_VERSION))
    return real
  }
}
