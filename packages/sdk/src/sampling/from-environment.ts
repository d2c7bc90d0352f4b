import { getNumberFromEnv } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { firstFromEnv } from '../runtime/environment-values.ts'
import { notice } from '../runtime/notice.ts'

/** A sampler that OTEL_TRACES_SAMPLER names, or the share that is to be kept of what begins here. */
export type Sampling = { sampler: Sampler } | { rate: number }

/** The environment decides where it says something, else the configured rate. */
export function samplingFromEnvironment(configuredRate: number): Sampling {
  const name = firstFromEnv('OTEL_TRACES_SAMPLER')
  switch (name) {
    case undefined:
      return { rate: configuredRate }
    case 'always_on':
      return { sampler: new AlwaysOnSampler() }
    case 'always_off':
      return { sampler: new AlwaysOffSampler() }
    case 'parentbased_always_on':
      return { rate: 1 }
    case 'parentbased_always_off':
      return { sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) }
    case 'traceidratio':
      return { sampler: new TraceIdRatioBasedSampler(ratio()) }
    case 'parentbased_traceidratio':
      return { rate: ratio() }
    default:
      notice(`OTEL_TRACES_SAMPLER: there is no sampler ${name}; all traces are kept.`)
      return { rate: 1 }
  }
}

function ratio(): number {
  const value = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG')
  if (value !== undefined && value >= 0 && value <= 1) return value
  notice(`OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, not ${value ?? 'unset'}; 1 is used.`)
  return 1
}
