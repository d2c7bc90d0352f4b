/**
 * Returns each time less the first of them, in whole nanoseconds. Nanoseconds since 1970 do not fit a double, those since
 * the start of a trace do, up to 104 days (2^53 ns); a time beyond is rounded, by 2^-53 of itself at most.
 * @param times epoch nanoseconds, as bigint or in decimal digits
 */
export function nanosSinceFirst(times: readonly (bigint | string)[]): number[] {
  const exact = times.map(BigInt)
  let first = exact[0] ?? 0n
  for (const time of exact) if (time < first) first = time
  return exact.map((time) => Number(time - first))
}
