const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?\s*th:([0-9a-fA-F]{1,14})(?=[;,\s]|$)/

/**
 * How many spans a sampled span stands for, by the sampling threshold in its trace state (`ot=th:…`, consistent
 * probability sampling): 1 / (1 - T / 2^56), where T is the threshold filled up to 14 hex digits with zeros on the right.
 * 1 where there is no threshold.
 */
export function adjustedCount(traceState: string): number {
  const hex = threshold.exec(traceState)?.[1]
  if (hex === undefined) return 1
  const range = 1n << BigInt(hex.length * 4)
  // Subtracted as integers: near the end of the range a double would round the difference to 0.
  return Number(range) / Number(range - BigInt(`0x${hex}`))
}
