import { preferences } from '../app/preferences.ts'

type Zone = 'local' | 'utc'

const styles = {
  time: { hour: '2-digit', minute: '2-digit' },
  timeSeconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  dayTime: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

// Making a formatter costs far more than using one, and a list formats thousands of times.
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(style: keyof typeof styles, ms: number): string {
  const zone: Zone = preferences().zone
  const key = `${style} ${zone}`
  let formatter = formatters.get(key)
  if (!formatter) {
    const zoneOption = zone === 'utc' ? { timeZone: 'UTC' } : {}
    formatter = new Intl.DateTimeFormat('en-GB', { ...styles[style], ...zoneOption })
    formatters.set(key, formatter)
  }
  return formatter.format(ms)
}

/** `14:05`, in the zone that the reader chose. */
export function clock(ms: number): string {
  return format('time', ms)
}

/** `14:05:09`. */
export function clockSeconds(ms: number): string {
  return format('timeSeconds', ms)
}

/** `14:05:09.412`: for lines and traces, where order within a second matters. */
export function clockMillis(ms: number): string {
  return `${format('timeSeconds', ms)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`
}

/** `9 Nov, 14:05`. */
export function dayClock(ms: number): string {
  return format('dayTime', ms)
}

/** `9 Nov 2026, 14:05:09 UTC`: for titles and tooltips. */
export function fullClock(ms: number): string {
  return `${format('full', ms)} ${zoneName()}`
}

/** Short name of the zone that times are shown in: `UTC`, `CET`, `GMT+2`. */
export function zoneName(): string {
  if (preferences().zone === 'utc') return 'UTC'
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(Date.now())
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

/** The ends of a range: `01:14 – 02:14` within today, `9 Nov, 01:14 – 02:14` on another day, both days otherwise. */
export function between(from: number, to: number, now: number): string {
  const day = (ms: number) => dayClock(ms).split(',')[0]
  if (day(from) !== day(to)) {
    return to - from < 86_400_000 && day(to) === day(now)
      ? `${clock(from)} – ${clock(to)}`
      : `${dayClock(from)} – ${dayClock(to)}`
  }
  return `${day(from) === day(now) ? clock(from) : dayClock(from)} – ${clock(to)}`
}

/** `12 s`, `4 min`, `2 h`, `3 d` since then. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
