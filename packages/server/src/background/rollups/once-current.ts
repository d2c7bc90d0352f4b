import type { Rollup } from './rollup.ts'

/** Minutes of a window that a rollup by minutes does not have all that has arrived for. */
const notCurrent = ({ name }: Rollup) => `
SELECT count() FROM arrived
WHERE minute >= {from:Int64} AND minute < {to:Int64} AND minute NOT IN (
  SELECT start FROM (
    SELECT window.start AS start, any(window.seen) AS seen, sumIf(arrived.spans, arrived.minute >= window.first AND arrived.minute < window.last) AS now
    FROM (
      SELECT toUnixTimestamp64Second(window_start) AS start, argMax(rollup_windows.seen, run) AS seen,
        argMax(sources_from, run) AS first, argMax(sources_to, run) AS last
      FROM rollup_windows
      WHERE space = {space:String} AND rollup = '${name}'
        AND window_start >= toDateTime64({from:Int64}, 0, 'UTC') AND window_start < toDateTime64({to:Int64}, 0, 'UTC')
      GROUP BY window_start
    ) AS window
    CROSS JOIN arrived
    GROUP BY start
  )
  WHERE seen >= now
)`

/**
 * What a rollup that is made of one by minutes can see of spans: all of them once every minute of its windows is up to date,
 * and none before.
 */
export const visibleOnceCurrent = (minutes: Rollup) => `
WITH arrived AS (
  SELECT toUnixTimestamp64Second(span_arrivals.minute) AS minute, sum(span_arrivals.spans) AS spans
  FROM span_arrivals
  WHERE space = {space:String}
    AND span_arrivals.minute >= toDateTime64({from:Int64} - ${minutes.lookbackSeconds}, 0, 'UTC')
    AND span_arrivals.minute < toDateTime64({to:Int64} + ${minutes.lookaheadSeconds + minutes.windowSeconds}, 0, 'UTC')
  GROUP BY minute
)
SELECT minute, if((${notCurrent(minutes)}) = 0, spans, 0) AS spans FROM arrived`
