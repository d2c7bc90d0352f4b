import { edgesRollup } from './edges.ts'
import { arrivedSpans, type Rollup } from './rollup.ts'
import { storedWithin } from './stored.ts'

const hour = 3600

/** Minutes of the hours whose edges do not hold all that has arrived: then nothing of the hours is seen. */
const notCurrent = `
SELECT count() FROM arrived
WHERE minute >= {from:Int64} AND minute < {to:Int64} AND minute NOT IN (
  SELECT start FROM (
    SELECT window.start AS start, any(window.seen) AS seen, sumIf(arrived.spans, arrived.minute >= window.first AND arrived.minute < window.last) AS now
    FROM (
      SELECT toUnixTimestamp64Second(window_start) AS start, argMax(rollup_windows.seen, run) AS seen,
        argMax(sources_from, run) AS first, argMax(sources_to, run) AS last
      FROM rollup_windows
      WHERE space = {space:String} AND rollup = '${edgesRollup.name}'
        AND window_start >= toDateTime64({from:Int64}, 0, 'UTC') AND window_start < toDateTime64({to:Int64}, 0, 'UTC')
      GROUP BY window_start
    ) AS window
    CROSS JOIN arrived
    GROUP BY start
  )
  WHERE seen = now
)`

const visible = `
WITH arrived AS (
  SELECT toUnixTimestamp64Second(span_arrivals.minute) AS minute, sum(span_arrivals.spans) AS spans
  FROM span_arrivals
  WHERE space = {space:String}
    AND span_arrivals.minute >= toDateTime64({from:Int64} - ${edgesRollup.lookbackSeconds}, 0, 'UTC')
    AND span_arrivals.minute < toDateTime64({to:Int64} + ${edgesRollup.lookaheadSeconds + edgesRollup.windowSeconds}, 0, 'UTC')
  GROUP BY minute
)
SELECT minute, if((${notCurrent}) = 0, spans, 0) AS spans FROM arrived`

/** The service map by hour, from the map by minute once that is up to date. */
export const edgesHoursRollup: Rollup = {
  name: 'edges_1h',
  windowSeconds: hour,
  settleSeconds: 120,
  lookbackSeconds: edgesRollup.lookbackSeconds,
  lookaheadSeconds: edgesRollup.lookaheadSeconds,
  sourceDays: edgesRollup.sourceDays,
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
  visible,
  waits: true,
}
