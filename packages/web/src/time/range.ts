/** A time range as it stands in the URL: `now`, `now-15m`, ISO 8601, or epoch milliseconds. */
export interface Range {
  from: string
  to: string
}

/** The same range in epoch milliseconds. */
export interface Span {
  from: number
  to: number
}

export const defaultRange: Range = { from: 'now-1h', to: 'now' }

export const presets = ['5m', '15m', '30m', '1h', '3h', '6h', '12h', '24h', '2d', '7d', '14d', '30d'] as const

const units: Record<string, { ms: number; one: string; many: string }> = {
  s: { ms: 1_000, one: 'second', many: 'seconds' },
  m: { ms: 60_000, one: 'minute', many: 'minutes' },
  h: { ms: 3_600_000, one: 'hour', many: 'hours' },
  d: { ms: 86_400_000, one: 'day', many: 'days' },
  w: { ms: 604_800_000, one: 'week', many: 'weeks' },
}

const relativePattern = /^now(?:-(\d{1,6})([smhdw]))?$/

/** Epoch milliseconds of a time of the URL, or null when it is none. */
export function parseTime(text: string, now: number): number | null {
  const trimmed = text.trim()
  const relative = relativePattern.exec(trimmed)
  if (relative) {
    const [, amount, unit] = relative
    return amount && unit ? now - Number(amount) * units[unit]!.ms : now
  }
  if (/^\d{12,14}$/.test(trimmed)) return Number(trimmed)
  // A bare year or a small number would pass Date.parse; a time of ours names the day at least.
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return null
  const time = Date.parse(trimmed)
  return Number.isNaN(time) ? null : time
}

/** Why a range cannot be used, in words for its field; null when it can. */
export function rangeFault(range: Range, now: number): string | null {
  const from = parseTime(range.from, now)
  const to = parseTime(range.to, now)
  if (from === null) return 'From is not a time. Write now-15m or 2026-11-09 14:30.'
  if (to === null) return 'To is not a time. Write now or 2026-11-09 15:30.'
  return from < to ? null : 'From must be before To.'
}

/** The range at a moment. A range that cannot be read gives the default one. */
export function resolve(range: Range, now: number): Span {
  if (rangeFault(range, now)) return resolve(defaultRange, now)
  return { from: parseTime(range.from, now)!, to: parseTime(range.to, now)! }
}

/** The range as the API takes it: a typed time without a zone is the reader's, which the server cannot know. */
export function forApi(range: Range): Range {
  const instant = (text: string) =>
    relativePattern.test(text) ? text : new Date(parseTime(text, 0) ?? 0).toISOString()
  return { from: instant(range.from), to: instant(range.to) }
}

export function isLive(range: Range): boolean {
  return range.to === 'now'
}

/** `Last 1 hour` for ranges that end now; null for fixed ones. */
export function rangeName(range: Range): string | null {
  const match = relativePattern.exec(range.from)
  if (range.to !== 'now' || !match?.[1] || !match[2]) return null
  const unit = units[match[2]]!
  return `Last ${match[1]} ${Number(match[1]) === 1 ? unit.one : unit.many}`
}

/** One length back (-1) or forward (1); never past now. A range that reaches now becomes `now-…` again. */
export function step(range: Range, direction: -1 | 1, now: number): Range {
  const { from, to } = resolve(range, now)
  const length = to - from
  return atMostNow({ from: from + direction * length, to: to + direction * length }, now)
}

/** Twice as long around the same middle; never past now. */
export function zoomOut(range: Range, now: number): Range {
  const { from, to } = resolve(range, now)
  const length = to - from
  if (isLive(range)) return atMostNow({ from: from - length, to }, now)
  return atMostNow({ from: from - length / 2, to: to + length / 2 }, now)
}

export function fixed(span: Span): Range {
  return { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() }
}

function atMostNow({ from, to }: Span, now: number): Range {
  const length = to - from
  if (to < now) return fixed({ from, to })
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const amount = length / units[unit]!.ms
    if (Number.isInteger(amount)) return { from: `now-${amount}${unit}`, to: 'now' }
  }
  return { from: `now-${Math.max(1, Math.round(length / 1000))}s`, to: 'now' }
}
