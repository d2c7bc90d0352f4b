import { activityQuery, activityRollup } from '../../background/rollups/activity.ts'
import { activityHoursRollup } from '../../background/rollups/activity-hours.ts'
import { currentWindows } from '../../background/rollups/current-windows.ts'
import { type Completeness, type LiveBounds, livePart } from '../../background/rollups/live-part.ts'
import { keptFrom } from '../../background/rollups/pass.ts'
import { besidesWindows, storedWindows, storedWithin } from '../../background/rollups/stored.ts'
import { readWindowStates } from '../../background/rollups/window-states.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import { type TimeRange, wholeMinutes } from '../../querying/time/time-range.ts'

export interface Activity {
  /** Different values of user.id and session.id; exact up to 65,536. */
  readonly users: number
  readonly sessions: number
}

type ActivityRow = Activity & { readonly bucket: string }

/** Spans that may be read while somebody waits, as far as they are entry spans. */
const liveBounds: LiveBounds = { most: 5_000_000, maxBefore: 0, least: 0 }

/**
 * Who was there, by buckets of time in whole minutes: from the rollups as far as they are computed, from spans after that.
 * @param step seconds
 * @returns by the start of the bucket, epoch ms
 */
export async function readActivity(
  context: QueryContext,
  range: TimeRange,
  step: number,
  service?: string,
): Promise<Completeness & { readonly byBucket: Map<string, Activity> }> {
  const { rows, ...completeness } = await readStates(context, range, { step, service })
  return { ...completeness, byBucket: new Map(rows.map((row) => [row.bucket, row])) }
}

/** Who was there in the whole range. */
export async function readActive(context: QueryContext, range: TimeRange): Promise<Activity & Completeness> {
  const { rows, ...completeness } = await readStates(context, range, {})
  return { users: rows[0]?.users ?? 0, sessions: rows[0]?.sessions ?? 0, ...completeness }
}

interface Asked {
  /** Seconds of a bucket; the whole range is one when unset. */
  readonly step?: number
  readonly service?: string | undefined
}

async function readStates(
  context: QueryContext,
  range: TimeRange,
  { step, service }: Asked,
): Promise<Completeness & { readonly rows: ActivityRow[] }> {
  const { from, to } = wholeMinutes(range)
  const seconds = { from: from / 1000, to: to / 1000 }
  const fits = service === undefined && (step === undefined || step % activityHoursRollup.windowSeconds === 0)
  const [states, hours] = await Promise.all([
    readWindowStates(context, [activityRollup], seconds),
    fits ? currentWindows(context, activityHoursRollup, seconds) : undefined,
  ])
  const keptSince = keptFrom(activityRollup, context.retention, Math.floor(Date.now() / 1000))
  const live = livePart(activityRollup, states, seconds, liveBounds, keptSince)
  const parameters = new Parameters()
  const value = (of: number) => parameters.value('Int64', of)
  const space = parameters.value('String', context.space)
  const ofService = service === undefined ? '1' : `service = ${parameters.value('String', service)}`
  // What is read live as well does no harm: a state knows who is in it.
  const minutes = storedWithin(activityRollup, 'activity_1m', {
    space,
    from: value(seconds.from),
    to: value(seconds.to),
  })
  const besides = hours ? besidesWindows('window_start', activityHoursRollup, hours, parameters) : '1'
  const sources = [
    `SELECT window_start, users, sessions FROM activity_1m WHERE ${all([minutes, besides, ofService])}`,
    ...(hours
      ? [
          `SELECT window_start, users, sessions FROM activity_1h
  WHERE ${storedWindows(activityHoursRollup, 'activity_1h', hours, context.space, parameters)}`,
        ]
      : []),
    ...(live.from < live.to ? [`SELECT window_start, users, sessions FROM (${activityQuery}) WHERE ${ofService}`] : []),
  ]
  const bucket =
    step === undefined ? '0' : `intDiv(toUnixTimestamp64Second(window_start), ${value(step)}) * ${value(step)} * 1000`
  const rows = await context.reader.query<ActivityRow>({
    sql: `
SELECT toString(${bucket}) AS bucket, toUInt32(uniqMerge(states.users)) AS users, toUInt32(uniqMerge(states.sessions)) AS sessions
FROM (
  ${sources.join('\n  UNION ALL ')}
) AS states
GROUP BY bucket`,
    params: { ...parameters.params, space: context.space, from: live.from, to: live.to },
    signal: context.signal,
  })
  return { rows, complete: live.complete, completeAt: live.completeAt }
}
