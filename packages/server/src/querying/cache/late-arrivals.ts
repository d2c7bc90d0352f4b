import type { querySignals } from '@burstlet/contract/query'
import { LRUCache } from 'lru-cache'
import type { ClickhouseReader } from '../../storage/clickhouse/reader.ts'
import type { TimeRange } from '../time/time-range.ts'

export type Signal = (typeof querySignals)[number]

/** What an answer was made from. */
export interface Sources extends TimeRange {
  readonly signals: readonly Signal[]
}

/** Minutes of one signal that rows arrived for, and when that was known: ms of this process's own clock. */
interface Change {
  readonly at: number
  readonly signal: Signal
  /** Starts of the minutes, epoch ms, ascending. */
  readonly minutes: readonly number[]
}

interface Known {
  /** Rows by signal and hour of arrival, then by minute (epoch ms). */
  rows: Map<string, Map<number, number>>
  changes: Change[]
  /** What began before this is not known to hold. */
  readonly since: number
  readAt: number
  reading: Promise<void> | undefined
}

/** How old what is known may be: an answer is as fresh as what has just arrived, give or take this. */
const freshMs = 500
/** An insert shows in its table and in that of late arrivals within this of each other. */
const insertMs = 3000
/** Longer than any answer is kept. */
const rememberedMs = 180_000
/** Of more minutes than this there is no list: everything has changed. */
const maxMinutes = 50_000
const maxSpaces = 1000

const query = `
SELECT signal, toString(toUnixTimestamp(hour)) AS arrived, groupArray(toUnixTimestamp64Second(minute) * 1000) AS minutes, groupArray(found) AS counts
FROM (
  SELECT signal, hour, minute, sum(late_arrivals.rows) AS found
  FROM late_arrivals
  WHERE hour >= toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) - 3600
  GROUP BY signal, hour, minute
  LIMIT ${maxMinutes + 1}
)
GROUP BY signal, hour`

interface Row {
  readonly signal: Signal
  readonly arrived: string
  readonly minutes: readonly string[]
  readonly counts: readonly string[]
}

/**
 * Knows for which minutes something arrived after they were over, whichever process received it: by one small statement at most
 * twice a second for each tenant whose answers are kept.
 */
export class LateArrivals {
  readonly #reader: ClickhouseReader
  readonly #spaces = new LRUCache<string, Known>({ max: maxSpaces })

  constructor(reader: ClickhouseReader) {
    this.#reader = reader
  }

  /** Brings what is known of a space up to date. When the engine cannot be asked, nothing is known. */
  async refresh(space: string): Promise<void> {
    let known = this.#spaces.get(space)
    if (!known) {
      const now = performance.now()
      known = { rows: new Map(), changes: [], since: now, readAt: Number.NEGATIVE_INFINITY, reading: undefined }
      this.#spaces.set(space, known)
    }
    const mine = known
    if (performance.now() - mine.readAt < freshMs) return
    mine.reading ??= this.#read(space, mine).finally(() => {
      mine.reading = undefined
    })
    await mine.reading
  }

  /** Whether something may have arrived for `sources` that an answer whose reading began at `began` does not have. */
  changedSince(space: string, began: number, { signals, from, to }: Sources): boolean {
    const known = this.#spaces.get(space)
    if (!known || began < known.since) return true
    return known.changes.some(
      ({ at, signal, minutes }) =>
        began < at + insertMs && signals.includes(signal) && anyWithin(minutes, Math.floor(from / 60_000) * 60_000, to),
    )
  }

  async #read(space: string, known: Known): Promise<void> {
    const began = performance.now()
    try {
      const found = await this.#reader.query<Row>({ sql: query, space, reads: 'little' })
      const first = known.readAt === Number.NEGATIVE_INFINITY
      const rows = new Map(
        found.map((row) => [
          `${row.signal} ${row.arrived}`,
          new Map(row.minutes.map((minute, index) => [Number(minute), Number(row.counts[index])])),
        ]),
      )
      if (sizeOf(rows) > maxMinutes) {
        this.#spaces.delete(space)
        return
      }
      if (!first) known.changes.push(...changesBetween(known.rows, rows, performance.now()))
      known.changes = known.changes.filter(({ at }) => at > began - rememberedMs)
      known.rows = rows
      known.readAt = began
    } catch {
      // Whoever asks will hear of it from the engine.
      this.#spaces.delete(space)
    }
  }
}

function sizeOf(rows: ReadonlyMap<string, ReadonlyMap<number, number>>): number {
  return [...rows.values()].reduce((sum, minutes) => sum + minutes.size, 0)
}

/** What goes away is an hour that is no longer asked for; what grows has arrived. */
function changesBetween(
  before: ReadonlyMap<string, ReadonlyMap<number, number>>,
  after: ReadonlyMap<string, ReadonlyMap<number, number>>,
  at: number,
): Change[] {
  return [...after].flatMap(([key, counts]) => {
    const known = before.get(key)
    const minutes = [...counts].filter(([minute, count]) => count > (known?.get(minute) ?? 0)).map(([minute]) => minute)
    if (minutes.length === 0) return []
    return [{ at, signal: key.slice(0, key.indexOf(' ')) as Signal, minutes: minutes.sort((a, b) => a - b) }]
  })
}

/** Whether one of some ascending times lies in from <= time < to. */
function anyWithin(times: readonly number[], from: number, to: number): boolean {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < from) low = middle + 1
    else high = middle
  }
  return low < times.length && times[low]! < to
}
