import { TraceState } from '@opentelemetry/core'

/** Consistent probability sampling compares 56 bits, written as 14 hexadecimal digits. */
const digits = 14

/**
 * The rejection threshold of a rate between 0 and 1 as 14 hexadecimal digits: a trace whose randomness is below it is left
 * out. Of equal length, such numbers compare as texts do.
 */
export function thresholdOf(rate: number): string {
  const rejected = BigInt(Math.round((1 - rate) * 2 ** 56))
  const highest = (1n << 56n) - 1n
  return (rejected > highest ? highest : rejected).toString(16).padStart(digits, '0')
}

/** The randomness of a trace: `rv` where its trace state brings one, else the last 56 bits of its id. */
export function randomnessOf(traceId: string, otel: string | undefined): string {
  return /(?:^|;)rv:([0-9a-f]{14})(?:;|$)/.exec(otel ?? '')?.[1] ?? traceId.slice(-digits).toLowerCase()
}

/** The `ot` member of a trace state with this threshold instead of the one it had. */
export function withThreshold(otel: string | undefined, threshold: string): string {
  const others = (otel ?? '').split(';').filter((part) => part !== '' && !part.startsWith('th:'))
  // Zeros at the end are implied.
  return [`th:${threshold.replace(/0+$/, '') || '0'}`, ...others].join(';')
}

/** A trace state with this threshold; everything else in it stays. */
export function traceStateWithThreshold(
  state: { get(key: string): string | undefined; serialize(): string } | undefined,
  threshold: string,
): TraceState {
  return new TraceState(state?.serialize() ?? '').set('ot', withThreshold(state?.get('ot'), threshold))
}
