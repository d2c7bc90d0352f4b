import { z } from 'zod'

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const relative = /^now(?:([+-])(\d{1,9})(ms|s|m|h|d|w))?$/
const epoch = /^-?\d{1,15}$/
const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i

/** What ClickHouse's DateTime64(9) can hold, in epoch ms: 1900 to 2262. */
const earliest = -2_208_988_800_000
const latest = 9_223_372_036_000

/**
 * Reads a time as the API takes it: ISO 8601 (UTC unless it says otherwise), epoch milliseconds, `now`, or `now-15m`
 * (units ms, s, m, h, d, w).
 * @param now the epoch ms that `now` stands for
 * @returns epoch ms; undefined when the text is none of these, names a day that its month does not have, or lies outside of
 *   1900–2262
 */
export function parseTime(text: string, now: number): number | undefined {
  const time = readTime(text.trim(), now)
  return time !== undefined && time >= earliest && time <= latest ? time : undefined
}

function readTime(text: string, now: number): number | undefined {
  const match = relative.exec(text)
  if (match) {
    const [, sign, amount, unit] = match
    if (!amount || !unit) return now
    return now + (sign === '-' ? -1 : 1) * Number(amount) * unitMs[unit]!
  }
  if (epoch.test(text)) return Number(text)
  const date = iso.exec(text)
  if (!date || !isDay(Number(date[1]), Number(date[2]), Number(date[3]))) return undefined
  // Without a zone JavaScript would read local time, which differs from server to server.
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? undefined : time
}

/** JavaScript reads 30 February as 2 March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
/**
 * What a schema says of a time: narrower than what is taken, so that whatever it allows is taken, but for the 29th of February of most
 * years. Years 1901 to 2259, relative ones some decades around now.
 */
const described = [
  'now(?:[+-](?:\\d{1,9}ms|\\d{1,8}s|\\d{1,6}m|\\d{1,5}h|\\d{1,4}d|\\d{1,3}w))?',
  '-?\\d{1,12}|[1-8]\\d{12}',
  '(?:190[1-9]|19[1-9]\\d|2[01]\\d{2}|22[0-5]\\d)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2\\d))' +
    '(?:T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)?)?',
].join('|')

/** A time in a query or a body; kept as text, since `now` is only known when it is used. */
export const timeInput = z
  .union([z.string(), z.number().int().min(earliest).max(latest).transform(String)])
  .refine((text) => parseTime(text, 0) !== undefined, {
    message: 'must be an ISO 8601 time of a day that exists, epoch milliseconds, or relative such as now-15m',
  })
  .meta({ pattern: `^(?:${described})$`, examples: ['2026-01-31T12:00:00Z', '1769860800000', 'now-15m'] })

/** `from` and `to` of every question about a range; the range is from <= time < to. */
export const timeRange = {
  from: timeInput.default('now-1h').describe('Start of the range, included'),
  to: timeInput.default('now').describe('End of the range, not included'),
}
