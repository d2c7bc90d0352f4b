import { edgesRollup } from './edges.ts'
import { visibleOnceCurrent } from './once-current.ts'
import { arrivedSpans, type Rollup } from './rollup.ts'
import { storedWithin } from './stored.ts'

const hour = 3600

/** The service map by hour, from the map by minute once that is up to date. */
export const edgesHoursRollup: Rollup = {
  name: 'edges_1h',
  windowSeconds: hour,
  settleSeconds: 120,
  lookbackSeconds: edgesRollup.lookbackSeconds,
  lookaheadSeconds: edgesRollup.lookaheadSeconds,
  sourceDays: edgesRollup.sourceDays,
  keptDays: 30,
  arrivals: arrivedSpans,
  tables: ['edges_1h'],
  inserts: [
    `INSERT INTO edges_1h (space, run, window_start, source, source_kind, target, target_kind, count, errors, duration_us, max_us, histogram)
SELECT {space:String}, {run:UInt64}, toDateTime64(intDiv(toUnixTimestamp64Second(window_start), ${hour}) * ${hour}, 0, 'UTC') AS at,
  source, source_kind, target, target_kind, sum(edges_1m.count), sum(edges_1m.errors), sum(edges_1m.duration_us),
  max(edges_1m.max_us), sumMap(edges_1m.histogram)
FROM edges_1m
WHERE ${storedWithin(edgesRollup, 'edges_1m', { space: '{space:String}', from: '{from:Int64}', to: '{to:Int64}' })}
GROUP BY at, source, source_kind, target, target_kind`,
  ],
  visible: visibleOnceCurrent(edgesRollup),
  waits: true,
}
