import { activityRollup } from './activity.ts'
import { visibleOnceCurrent } from './once-current.ts'
import type { Rollup } from './rollup.ts'
import { storedWithin } from './stored.ts'

const hour = 3600

/**
 * Active users and sessions of all services together by hour, so that a day is read from two dozen states instead of one for
 * each service and minute. By service they would take more than the minutes do, since most are there in every hour.
 */
export const activityHoursRollup: Rollup = {
  ...activityRollup,
  name: 'activity_1h',
  windowSeconds: hour,
  settleSeconds: 120,
  tables: ['activity_1h'],
  inserts: [
    `INSERT INTO activity_1h (space, run, window_start, users, sessions)
SELECT {space:String}, {run:UInt64}, toDateTime64(intDiv(toUnixTimestamp64Second(window_start), ${hour}) * ${hour}, 0, 'UTC') AS at,
  uniqMergeState(users), uniqMergeState(sessions)
FROM activity_1m
WHERE ${storedWithin(activityRollup, 'activity_1m', { space: '{space:String}', from: '{from:Int64}', to: '{to:Int64}' })}
GROUP BY at`,
  ],
  visible: visibleOnceCurrent(activityRollup),
  waits: true,
}
