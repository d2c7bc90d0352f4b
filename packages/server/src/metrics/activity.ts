import { activityQuery, activityRollup } from '../rollups/activity.ts'
import { liveFrom, storedWithin } from '../rollups/stored.ts'
import type { Scope } from '../search/query-options.ts'
import type { TimeRange } from '../search/time-range.ts'

export interface Activity {
  /** Different values of user.id and session.id; exact up to 65,536. */
  readonly users: number
  readonly sessions: number
}

type ActivityRow = Activity & { readonly bucket: string }

/** Entry spans that may be read while somebody waits. */
const mostLiveSpans = 5_000_000

/** @param isLive whether spans are read at all */
const statesQuery = (bucket: string, isLive: boolean) => `
SELECT toString(${bucket}) AS bucket, toUInt32(uniqMerge(states.users)) AS users, toUInt32(uniqMerge(states.sessions)) AS sessions
FROM (
  SELECT window_start, service, users, sessions FROM activity_1m WHERE ${storedWithin(activityRollup)}
  ${isLive ? `UNION ALL SELECT * FROM (${activityQuery})` : ''}
) AS states
WHERE {service:String} = '' OR service = {service:String}
GROUP BY bucket`

/**
 * Who was there, by buckets of time in whole minutes: from the rollup as far as it is computed, from spans after that.
 * @param step seconds
 * @returns by the start of the bucket, epoch ms
 */
export async function readActivity(
  scope: Scope,
  range: TimeRange,
  step: number,
  service?: string,
): Promise<Map<string, Activity>> {
  const bucket = 'intDiv(toUnixTimestamp64Second(window_start), {step:Int64}) * {step:Int64} * 1000'
  const rows = await readStates(scope, range, bucket, { step, service: service ?? '' })
  return new Map(rows.map((row) => [row.bucket, row]))
}

/** Who was there in the whole range. */
export async function readActive(scope: Scope, range: TimeRange): Promise<Activity> {
  const [row] = await readStates(scope, range, '0', { service: '' })
  return { users: row?.users ?? 0, sessions: row?.sessions ?? 0 }
}

async function readStates(
  scope: Scope,
  range: TimeRange,
  bucket: string,
  params: Record<string, unknown>,
): Promise<ActivityRow[]> {
  const from = Math.floor(range.from / 60_000) * 60
  const to = Math.ceil(range.to / 60_000) * 60
  const live = await liveFrom(scope, activityRollup, { from, to }, mostLiveSpans)
  return scope.reader.query<ActivityRow>({
    sql: statesQuery(bucket, live < to),
    params: { ...params, space: scope.space, stored_from: from, stored_to: live, from: live, to },
    signal: scope.signal,
  })
}
