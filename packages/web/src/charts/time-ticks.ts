const hour = 3_600_000
const day = 24 * hour
const month = 30 * day
const year = 365 * day

/**
 * Moments of a time axis on round times of a zone.
 *
 * uPlot places them by the browser's zone even where the axis is in UTC, and is off by an hour after a change of summer
 * time (its issue 1068).
 * @param from, to ends of the axis in ms
 * @param step about how far apart, in ms; from an hour on they follow the clock on the wall, from 30 days on the calendar
 */
export function timeTicks(from: number, to: number, step: number, zone: 'local' | 'utc'): number[] {
  const candidates = step <= hour ? evenTicks(from, to, step, zone) : wallClockTicks(from, to, step, zone)
  return candidates.filter((at) => at >= from && at <= to)
}

function evenTicks(from: number, to: number, step: number, zone: 'local' | 'utc'): number[] {
  // Zones are off by halves and quarters of an hour too.
  const offset = zone === 'utc' ? 0 : new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - offset) / step) * step + offset
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step)
}

function wallClockTicks(from: number, to: number, step: number, zone: 'local' | 'utc'): number[] {
  const at = zone === 'utc' ? Date.UTC : (...parts: Parts) => new Date(...parts).getTime()
  const start = new Date(from)
  const [y, m, d] =
    zone === 'utc'
      ? [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()]
      : [start.getFullYear(), start.getMonth(), start.getDate()]
  const ticks: number[] = []
  if (step >= month) {
    const months = step >= year ? 12 * Math.round(step / year) : Math.round(step / month)
    for (let n = m - (m % months); (ticks.at(-1) ?? 0) <= to; n += months) ticks.push(at(y, n, 1))
  } else if (step >= day) {
    const days = Math.round(step / day)
    // Counted from a fixed day, so that ticks stay where they are while the range moves.
    const number = Math.floor(Date.UTC(y, m, d) / day)
    for (let n = d - (number % days); (ticks.at(-1) ?? 0) <= to; n += days) ticks.push(at(y, m, n))
  } else {
    const hours = Math.max(1, Math.round(step / hour))
    for (let n = d; (ticks.at(-1) ?? 0) <= to; n++) {
      for (let clock = 0; clock < 24; clock += hours) ticks.push(at(y, m, n, clock))
    }
  }
  return ticks
}

type Parts = [year: number, month: number, day: number, hour?: number]
