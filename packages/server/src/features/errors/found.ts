import type { ErrorGroup, ErrorSample } from '@burstlet/contract/error-groups'
import type { MappedStack } from '@burstlet/contract/mapped-stack'
import { type ErrorFacts, errorGroup } from '@burstlet/otlp/error-group'
import type { Hash64 } from '@burstlet/otlp/hash'
import { isoOfNanoseconds } from '../../querying/time/time-range.ts'

/** Errors of one group that one source knows of. Times in decimal nanoseconds. */
export interface FoundErrors {
  /** As the API has it. */
  readonly id: string
  readonly type: string
  readonly services: readonly string[]
  /** Each error once, whatever tells it. */
  readonly count: number
  readonly spans: number
  readonly logs: number
  readonly first: string
  readonly last: string
  /** Of the newest, as it was sent. */
  readonly stack: string
  readonly mappedStack: MappedStack | null
  /** Newest first. */
  readonly samples: readonly (Omit<ErrorSample, 'timestamp'> & { readonly time: string })[]
}

/** `error_group` of a row, in decimal, as the API has it. */
export function groupId(decimal: string): string {
  return BigInt(decimal).toString(16).padStart(16, '0')
}

/** The group of these facts, as the API has it. */
export function groupIdOf(facts: ErrorFacts, hash: Hash64): string {
  const { low, high } = errorGroup(facts, hash)
  return groupId(String((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)))
}

/** What spans and log records say of the same group, put together. */
export function together(
  found: readonly FoundErrors[],
  maxSamples: number,
): ErrorGroup & Pick<FoundErrors, 'stack' | 'mappedStack'> {
  const samples = found
    .flatMap((each) => each.samples)
    .sort((a, b) => (BigInt(a.time) < BigInt(b.time) ? 1 : -1))
    .slice(0, maxSamples)
  const withStack = found.find(({ stack }) => stack !== '')
  const sum = (of: (each: FoundErrors) => number) => found.reduce((total, each) => total + of(each), 0)
  const times = (of: (each: FoundErrors) => string) =>
    found.map((each) => BigInt(of(each))).sort((a, b) => (a < b ? -1 : 1))
  return {
    id: found[0]!.id,
    type: found.find(({ type }) => type !== '')?.type ?? '',
    message: samples[0]?.message ?? '',
    services: [...new Set(found.flatMap(({ services }) => services))].sort(),
    count: sum(({ count }) => count),
    spans: sum(({ spans }) => spans),
    logs: sum(({ logs }) => logs),
    firstSeen: isoOfNanoseconds(String(times(({ first }) => first)[0])),
    lastSeen: isoOfNanoseconds(String(times(({ last }) => last).at(-1))),
    samples: samples.map(({ time, ...sample }) => ({ ...sample, timestamp: isoOfNanoseconds(time) })),
    stack: withStack?.stack ?? '',
    mappedStack: withStack?.mappedStack ?? null,
  }
}
