import { arrivedSpans, minuteOfSpan, type Rollup, visibleSpans } from './rollup.ts'

/**
 * States over the users and sessions of entry spans, by minute and service. Parameters `space`, `from` and `to` (seconds
 * since 1970). A state is exact up to 65,536 different values.
 */
export const activityQuery = `
SELECT toDateTime64(${minuteOfSpan}, 0, 'UTC') AS window_start, service,
  uniqStateIf(assumeNotNull(user_id), user_id IS NOT NULL) AS users,
  uniqStateIf(assumeNotNull(session_id), session_id IS NOT NULL) AS sessions
FROM spans
WHERE space = {space:String} AND kind IN (2, 5) AND (user_id IS NOT NULL OR session_id IS NOT NULL)
  AND spans.start >= toDateTime64({from:Int64}, 9, 'UTC') AND spans.start < toDateTime64({to:Int64}, 9, 'UTC')
GROUP BY window_start, service`

/** Active users and sessions by minute. */
export const activityRollup: Rollup = {
  name: 'activity_1m',
  windowSeconds: 60,
  settleSeconds: 10,
  lookbackSeconds: 0,
  lookaheadSeconds: 0,
  arrivals: arrivedSpans,
  sourceDays: ({ traces }) => traces,
  keptDays: 30,
  tables: ['activity_1m'],
  inserts: [
    `INSERT INTO activity_1m (space, run, window_start, service, users, sessions)
SELECT {space:String}, {run:UInt64}, * FROM (${activityQuery})`,
  ],
  visible: visibleSpans,
}
