import { arrivedLogs, arrivedSpans, type Rollup, visibleSpans } from './rollup.ts'

/** Start of the hour of a time, as `window_start` has it. */
const hourOf = (time: string) => `toDateTime64(intDiv(toUnixTimestamp64Nano(${time}), 3600000000000) * 3600, 0, 'UTC')`

/** The windows that are computed; `time` is the column of the rows. */
const within = (time: string) => `space = {space:String}
  AND ${time} >= toDateTime64({from:Int64}, 9, 'UTC') AND ${time} < toDateTime64({to:Int64}, 9, 'UTC')`

const byHour = { windowSeconds: 3600, settleSeconds: 120, lookbackSeconds: 0, lookaheadSeconds: 0 } as const

/** Failed spans by group, service and hour. */
export const spanErrorsRollup: Rollup = {
  ...byHour,
  name: 'span_errors_1h',
  arrivals: arrivedSpans,
  sourceDays: ({ traces }) => traces,
  tables: ['span_errors_1h'],
  inserts: [
    `INSERT INTO span_errors_1h (space, run, window_start, service, error_group, count, first, last, trace_id, span_id)
SELECT {space:String}, {run:UInt64}, ${hourOf('spans.start')} AS hour, service, error_group, sum(toFloat64(adjusted_count)),
  min(spans.start), max(spans.start), argMax(trace_id, spans.start), argMax(span_id, spans.start)
FROM spans
WHERE ${within('spans.start')} AND error_group != 0
GROUP BY hour, service, error_group`,
  ],
  visible: visibleSpans,
}

const message = "if(attr_s['exception.message'] != '', attr_s['exception.message'], body)"
const stack = "attr_s['exception.stacktrace']"

/** Log records that carry an exception. */
export const isLogError = "(mapContains(attr_s, 'exception.type') OR mapContains(attr_s, 'exception.message'))"

/** What a message loses in the fingerprint of its group, as far as RE2 can tell; what is left apart, the fingerprint joins. */
const blanks = [
  '(?i)\\\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\\\b',
  '"[^"\\\\n]*"',
  '(?i)\\\\b0x[0-9a-f]+\\\\b',
  '(?i)\\\\b[0-9a-f]{3,}[0-9][0-9a-f]{4,}\\\\b',
  '\\\\d+(?:[.,:]\\\\d+)*',
]
const blanked = blanks.reduce(
  (text, pattern) => `replaceRegexpAll(${text}, '${pattern}', '*')`,
  `substringUTF8(${message}, 1, 1000)`,
)

/** More than the fingerprint looks at: the beginning, and of Python's, whose innermost frames come last, the end. */
const mostStack = 16_000
const shortStack = `if(startsWith(${stack}, 'Traceback') AND lengthUTF8(${stack}) > ${mostStack},
    concat('Traceback', substringUTF8(${stack}, -${mostStack})), substringUTF8(${stack}, 1, ${mostStack}))`

/** SELECT list of what is known of one record of {@link logErrorsFrom}; aliases as the columns of `log_errors_1h`. */
export const logErrorColumns = `logs.service AS service, sender.version AS version, attr_s['exception.type'] AS type,
  cityHash64(${blanked}, stack) AS shape, substringUTF8(${message}, 1, 2000) AS message, ${shortStack} AS stack, trace_id, span_id`

/** FROM of log records and the versions of their senders. @param space SQL that stands for the tenant */
export const logErrorsFrom = (space: string) => `logs LEFT ANY JOIN (
    SELECT hash, attr_s['service.version'] AS version FROM resources WHERE resources.space = ${space} LIMIT 1 BY hash
  ) AS sender ON sender.hash = logs.res_hash`

/** Log records with an exception by shape, service and hour; the newest of each is kept. */
export const logErrorsRollup: Rollup = {
  ...byHour,
  name: 'log_errors_1h',
  arrivals: arrivedLogs,
  sourceDays: ({ logs }) => logs,
  tables: ['log_errors_1h'],
  inserts: [
    `INSERT INTO log_errors_1h (space, run, window_start, service, version, type, shape, records, first, last, message, stack, trace_id, span_id)
SELECT {space:String}, {run:UInt64}, hour, service, version, type, shape, count(), min(at), max(at),
  argMax(message, at), argMax(stack, at), argMax(trace_id, at), argMax(span_id, at)
FROM (
  SELECT ${hourOf('logs.time')} AS hour, logs.time AS at, ${logErrorColumns}
  FROM ${logErrorsFrom('{space:String}')}
  WHERE ${within('logs.time')} AND ${isLogError}
)
GROUP BY hour, service, version, type, shape`,
  ],
  visible: `
SELECT intDiv(toUnixTimestamp64Nano(logs.time), 60000000000) * 60 AS minute, count() AS spans FROM logs
WHERE space = {space:String} AND logs.time >= toDateTime64({sources_from:Int64}, 9, 'UTC')
  AND logs.time < toDateTime64({sources_to:Int64}, 9, 'UTC')
GROUP BY minute`,
}
