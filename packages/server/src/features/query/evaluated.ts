import type { ProblemError } from '@burstlet/contract/errors'
import type { MetricKindFound } from '@burstlet/contract/metrics'
import type { QueryColumn } from '@burstlet/contract/query'

/** The groups of one question, over the same buckets each. */
export interface Evaluated {
  /** Starts, epoch ms; a scalar or a table has one, the start of the range. */
  readonly buckets: readonly number[]
  readonly groups: readonly Group[]
  /** Columns of the values, one for each aggregate. */
  readonly values: readonly ValueColumn[]
  /** There are more groups than were asked for. */
  readonly truncated: boolean
  /** Tables that answered. */
  readonly source: string
  /** Whether a part was known from before. */
  readonly cached: boolean
  /** Of metrics: all that the name is. */
  readonly metricKinds?: readonly MetricKindFound[] | undefined
  /** What of a metric is left out or converted. */
  readonly warnings?: readonly Omit<ProblemError, 'path'>[] | undefined
  /** Epoch ms after which buckets may still change, since something of them is due; unset when nothing is. */
  readonly completeUntil?: number | undefined
}

export interface Group {
  /** Values of the keys of groupBy, in order. */
  readonly keys: readonly string[]
  /** All groups beyond the limit together. */
  readonly other: boolean
  /** By aggregate, then by bucket. */
  readonly values: readonly (readonly (number | null)[])[]
}

export interface ValueColumn extends QueryColumn {
  /** What a group has that is not there: nothing was counted, or nothing is known. */
  readonly empty: 0 | null
}

/** JSON has no NaN; the engine writes it, and infinities, as text. */
export function finite(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** What stands for the keys of a group in a map. */
export function identity(keys: readonly string[], other: boolean): string {
  return JSON.stringify([other, ...keys])
}
