import { activityRollup } from './activity.ts'
import { visibleOnceCurrent } from './once-current.ts'
import type { Rollup } from './rollup.ts'
import { storedWithin } from './stored.ts'

const hour = 3600

/**
 * Active users and sessions by hour: of each service, and of all together (`together` is 1), so that a day is read from some
 * dozens of states instead of one for each service and minute.
 */
export const activityHoursRollup: Rollup = {
  ...activityRollup,
  name: 'activity_1h',
  windowSeconds: hour,
  settleSeconds: 120,
  tables: ['activity_1h'],
  inserts: [
    `INSERT INTO activity_1h (space, run, window_start, together, service, users, sessions)
SELECT {space:String}, {run:UInt64}, toDateTime64(intDiv(toUnixTimestamp64Second(window_start), ${hour}) * ${hour}, 0, 'UTC') AS at,
  grouping(service) AS together, service, uniqMergeState(users), uniqMergeState(sessions)
FROM activity_1m
WHERE ${storedWithin(activityRollup, 'activity_1m', { space: '{space:String}', from: '{from:Int64}', to: '{to:Int64}' })}
GROUP BY GROUPING SETS ((at, service), (at))`,
  ],
  visible: visibleOnceCurrent(activityRollup),
  waits: true,
}
