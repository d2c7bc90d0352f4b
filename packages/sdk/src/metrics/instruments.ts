import { type Attributes, type Meter, metrics as otel } from '@opentelemetry/api'
import { asError } from '../errors/as-error.ts'
import { toAttributes } from '../logging/attributes.ts'
import { complainOnce, isName } from '../runtime/safely.ts'
import { sdkState } from '../runtime/state.ts'
import { sdkVersion } from '../runtime/version.ts'
import { customScope, summaryScope } from './scopes.ts'

/** What a metric is about: its unit in UCUM (`s`, `By`, `{upload}`) and one sentence for people. */
export interface InstrumentOptions {
  unit?: string
  description?: string
}

/** Dimensions of a measurement. Keep the number of different values small: each combination is a series. */
export type Tags = Attributes

/** Counts what happened. */
export interface Counter {
  /** Adds `value`, which is not negative, to the total of these tags. */
  add(value: number, tags?: Tags): void
}

/** Keeps a value: the last one, or the distribution of all. */
export interface Recorder {
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
    const add = measuring('counter', name, customScope, (meter) => {
      const counter = meter.createCounter(name, described(options))
      return (value, tags) => counter.add(value, tags)
    })
    return { add }
  },
  /** A value at a point in time; the last one counts. `.record(12)` */
  gauge(name: string, options: InstrumentOptions = {}): Recorder {
    return recorder('gauge', name, customScope, (meter) => meter.createGauge(name, described(options)))
  },
  /** A distribution in the fixed buckets of OpenTelemetry. */
  histogram(name: string, options: InstrumentOptions = {}): Recorder {
    return recorder('histogram', name, customScope, (meter) => meter.createHistogram(name, described(options)))
  },
  /** A distribution whose quantiles are exact to a few percent at any scale: an exponential histogram. */
  summary(name: string, options: InstrumentOptions = {}): Recorder {
    return recorder('summary', name, summaryScope, (meter) => meter.createHistogram(name, described(options)))
  },
}

type Kind = keyof typeof metrics
type Measure = (value: number, tags?: Tags) => void

function recorder(kind: Kind, name: string, scope: string, create: (meter: Meter) => Recorder): Recorder {
  const record = measuring(kind, name, scope, (meter) => {
    const instrument = create(meter)
    return (value, tags) => instrument.record(value, tags)
  })
  return { record }
}

/**
 * Makes the instrument at its first use after the SDK started: OpenTelemetry gives a meter that does nothing to whoever asks
 * before, and an instrument made at the top of a module often is that early. Whatever is measured, nothing is thrown.
 */
function measuring(kind: Kind, name: string, scope: string, create: (meter: Meter) => Measure): Measure {
  const what = `metrics.${kind}`
  if (!isName(what, name)) return () => {}
  let measure: Measure | undefined
  return (value, tags) => {
    try {
      const state = sdkState()
      if (state.startedBy === undefined || !state.customMetrics) return
      measure ??= create(otel.getMeter(scope, sdkVersion))
      if (typeof value === 'number') measure(value, plainTags(tags))
      else complainOnce(what, `${name} measures numbers, not ${typeof value}`)
    } catch (error) {
      complainOnce(what, asError(error).message)
    }
  }
}

/** What of the options OpenTelemetry understands. */
function described(options: InstrumentOptions | null): InstrumentOptions {
  const { unit, description } = options ?? {}
  return {
    ...(typeof unit === 'string' ? { unit } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  }
}

/** Tags are kept until they are sent, and one that cannot be written would keep all others from being sent with it. */
function plainTags(tags: Tags | undefined | null): Tags | undefined {
  if (tags === undefined || tags === null) return undefined
  if (typeof tags !== 'object') return toAttributes(tags)
  for (const key in tags) {
    const type = typeof tags[key]
    if (type !== 'string' && type !== 'number' && type !== 'boolean') return toAttributes(tags)
  }
  return tags
}
