/** A clock that runs ahead of the machine's. */
export interface Shift {
  readonly name: string
  readonly title: string
  /** The seconds it is ahead, by the machine's clock in milliseconds. */
  seconds(now: number): number
  /** Where the programs believe they are; where the machine is, if it does not matter. */
  readonly timeZone?: string
}

const day = 86_400
/** How long before the moment in question a run begins: engines need some of it to come up. */
const lead = 60
const paris = 'Europe/Paris'

export function days(count: number): Shift {
  return { name: String(count), title: `${count} days ahead`, seconds: () => count * day }
}

export const shifts: readonly Shift[] = [
  // Past what is kept: 7 days of spans and logs, 30 of metrics and rollups by the minute, 400 of those by the hour.
  ...[8, 31, 91, 401].map(days),
  {
    name: 'summer-time',
    title: `over the next begin of summer time, ${paris}`,
    seconds: (now) => until(nextChange(now, 1), now),
    timeZone: paris,
  },
  {
    name: 'winter-time',
    title: `over the next end of summer time, ${paris}`,
    seconds: (now) => until(nextChange(now, -1), now),
    timeZone: paris,
  },
  {
    name: 'new-year',
    title: 'over the next new year, UTC',
    seconds: (now) => until(Date.UTC(new Date(now + lead * 1000).getUTCFullYear() + 1, 0), now),
    timeZone: 'UTC',
  },
]

/** Seconds from now until the run-up to a moment. */
function until(moment: number, now: number): number {
  return Math.floor((moment - now) / 1000) - lead
}

/** The next moment, in milliseconds, at which clocks in Paris go forward (1) or back (-1). Zones change at full hours. */
function nextChange(now: number, direction: 1 | -1): number {
  const hour = 3_600_000
  let at = Math.ceil((now + lead * 1000) / hour) * hour
  while (Math.sign(offset(at) - offset(at - hour)) !== direction) at += hour
  return at
}

const inParis = new Intl.DateTimeFormat('en', { timeZone: paris, timeZoneName: 'longOffset' })

/** Hours that Paris is ahead of UTC. */
function offset(at: number): number {
  const name = inParis.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value
  return Number(/GMT\+(\d+)/.exec(name ?? '')?.[1] ?? 0)
}
