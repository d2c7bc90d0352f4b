/** Reads `250`, `250ms`, `1.5 s`, `2m` as milliseconds; null when it is none of these or below zero. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(µs|us|ms|s|m|min|h)?$/.exec(text.trim())
  if (!match) return null
  const factor = { µs: 0.001, us: 0.001, ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 }[match[2] ?? 'ms']!
  return Number((Number(match[1]) * factor).toPrecision(12))
}

export function durationFault(text: string): string | null {
  return parseDuration(text) === null ? 'Write 250ms, 1.5s or 2m.' : null
}
