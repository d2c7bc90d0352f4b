import type { TimeRange } from './time-range.ts'

/** A part of a range, newest part first; each is longer than the one before. */
export function* slicesBackwards(range: TimeRange): Generator<TimeRange> {
  let length = Math.max(60_000, Math.min(900_000, (range.to - range.from) / 16))
  let to = range.to
  while (to > range.from) {
    const from = Math.max(range.from, to - length)
    yield { from, to }
    to = from
    length *= 4
  }
}

/**
 * Collects rows newest first without ordering the whole range: the tables are sorted by service first, so that the
 * newest rows of all services are found by asking for the newest slice of time, then for an older and longer one.
 * @param read gives rows of one slice, newest first, at most `limit`
 * @returns at most `limit` rows
 */
export async function newestFirst<Row>(
  range: TimeRange,
  limit: number,
  read: (slice: TimeRange, limit: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const slice of slicesBackwards(range)) {
    rows.push(...(await read(slice, limit - rows.length)))
    if (rows.length >= limit) break
  }
  return rows
}
