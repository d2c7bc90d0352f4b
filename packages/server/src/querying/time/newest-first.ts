import type { TimeRange } from './time-range.ts'

/** Rows that the first part is made for. Who wants fewer begins with less time. */
const usualWanted = 50

/** How much longer the next part is than all before it, when those held nothing. */
const growthWhenEmpty = 15
/** The same where an index says which rows there are: looking for them costs little, however long the time is. */
const growthWithIndex = 1000

/**
 * Parts of a range, newest part first, each longer than the one before. Who says with `next` which share of what is wanted
 * was found so far (0: nothing) gets a part that is as long as the rest of it should take, twice over: each part is a
 * statement that looks at the indexes of all its time, so few long ones are cheaper than many short ones.
 * @param wanted rows that are wanted
 * @param isIndexed whether an index finds the rows
 */
export function* slicesBackwards(
  range: TimeRange,
  wanted = usualWanted,
  isIndexed = false,
): Generator<TimeRange, void, number | undefined> {
  const few = Math.min(1, wanted / usualWanted)
  let length = Math.max(60_000, few * Math.min(900_000, (range.to - range.from) / 16))
  let to = range.to
  while (to > range.from) {
    const from = Math.max(range.from, to - length)
    const found: number | undefined = yield { from, to }
    const passed = range.to - from
    const longest = (isIndexed ? growthWithIndex : growthWhenEmpty) * passed
    if (found === undefined) length *= 4
    else length = found === 0 ? longest : Math.min(longest, Math.max(length, (2 * passed * (1 - found)) / found))
    to = from
  }
}

/**
 * Collects rows newest first without ordering the whole range: the tables are sorted by service first, so that the
 * newest rows of all services are found by asking for the newest slice of time, then for an older and longer one.
 * @param read gives rows of one slice, newest first, at most `limit`
 * @param isIndexed whether an index finds the rows
 * @returns at most `limit` rows
 */
export async function newestFirst<Row>(
  range: TimeRange,
  limit: number,
  read: (slice: TimeRange, limit: number) => Promise<Row[]>,
  isIndexed = false,
): Promise<Row[]> {
  const rows: Row[] = []
  const slices = slicesBackwards(range, limit, isIndexed)
  for (let slice = slices.next(); !slice.done; slice = slices.next(rows.length / limit)) {
    rows.push(...(await read(slice.value, limit - rows.length)))
    if (rows.length >= limit) break
  }
  return rows
}
