import { arrivedLogs, arrivedSpans, type Rollup, visibleSpans } from './rollup.ts'

/** Start of the hour of a time, as `window_start` has it. */
const hourOf = (time: string) => `toDateTime64(intDiv(toUnixTimestamp64Nano(${time}), 3600000000000) * 3600, 0, 'UTC')`

/** The windows that are computed; `time` is the column of the rows. */
const within = (time: string) => `${time.split('.')[0]}.space = {space:String}
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

const message = "if(logs.attr_s['exception.message'] != '', logs.attr_s['exception.message'], body)"
const stack = "logs.attr_s['exception.stacktrace']"

/** Log records that carry an exception. */
export const isLogError =
  "(mapContains(logs.attr_s, 'exception.type') OR mapContains(logs.attr_s, 'exception.message'))"

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
const maxStack = 16_000
const shortStack = `if(startsWith(${stack}, 'Traceback') AND lengthUTF8(${stack}) > ${maxStack},
    concat('Traceback', substringUTF8(${stack}, -${maxStack})), substringUTF8(${stack}, 1, ${maxStack}))`

const type = "logs.attr_s['exception.type']"

/**
 * SELECT list of what is known of one record of {@link logErrorsFrom}; aliases as the columns of `log_errors_1h`, but that
 * `span_weight` is of each record of a span.
 */
export const logErrorColumns = `logs.service AS service, sender.version AS version, ${type} AS type,
  cityHash64(${blanked}, stack) AS shape, substringUTF8(${message}, 1, 2000) AS message, ${shortStack} AS stack, trace_id, span_id,
  arrayExists(exception -> position(exception, ${type}) > 0, failed.exceptions) AS told_by_span,
  if(empty(failed.exceptions), failed.error_group, 0) AS span_group,
  if(span_group != 0, failed.weight, 0) AS span_weight, failed.operation AS operation`

/** Weight of a span at the first of its records, among {@link logErrorColumns} of many. */
export const weightOnce = 'if(row_number() OVER (PARTITION BY trace_id, span_id ORDER BY at) = 1, span_weight, 0)'

/** A record belongs to a span that began this much earlier at most, so that what is looked for has a bound. */
const longestSpanSeconds = 3600

/**
 * FROM of log records with the versions of their senders and, where its span failed, what the span tells of it.
 * @param space SQL that stands for the tenant
 * @param records SQL condition of the records that are asked for
 * @param from SQL of the time of the earliest of them
 * @param to SQL of the time that they end before
 */
export const logErrorsFrom = (space: string, records: string, from: string, to: string) => `logs LEFT ANY JOIN (
    SELECT hash, attr_s['service.version'] AS version FROM resources WHERE resources.space = ${space} LIMIT 1 BY hash
  ) AS sender ON sender.hash = logs.res_hash
  LEFT ANY JOIN (
    SELECT spans.trace_id AS of_trace, spans.span_id AS of_span, spans.error_group AS error_group, toFloat64(spans.adjusted_count) AS weight,
      toString(spans.name) AS operation,
      arrayFilter((attributes, name) -> name = 'exception', spans.\`events.attributes\`, spans.\`events.name\`) AS exceptions
    FROM spans
    WHERE spans.space = ${space} AND spans.error_group != 0
      AND spans.start >= ${from} - toIntervalSecond(${longestSpanSeconds}) AND spans.start < ${to}
      AND (spans.trace_id, spans.span_id) IN (
        SELECT trace_id, span_id FROM logs WHERE ${records} AND span_id != toFixedString('', 8)
      )
  ) AS failed ON failed.of_trace = logs.trace_id AND failed.of_span = logs.span_id`

const windows = `${within('logs.time')} AND ${isLogError}`

/** Log records with an exception by shape, service and hour; the newest of each is kept. */
export const logErrorsRollup: Rollup = {
  ...byHour,
  name: 'log_errors_1h',
  arrivals: arrivedLogs,
  sourceDays: ({ logs }) => logs,
  tables: ['log_errors_1h'],
  inserts: [
    `INSERT INTO log_errors_1h (space, run, window_start, service, version, type, shape, told_by_span, span_group, records, first, last, message,
  stack, trace_id, span_id, span_weight, operation)
SELECT {space:String}, {run:UInt64}, hour, service, version, type, shape, told_by_span, span_group, count(), min(at), max(at),
  argMax(message, at), argMax(stack, at), argMax(trace_id, at), argMax(span_id, at), sum(weight), argMax(operation, at)
FROM (
  SELECT *, ${weightOnce} AS weight
  FROM (
    SELECT ${hourOf('logs.time')} AS hour, logs.time AS at, ${logErrorColumns}
    FROM ${logErrorsFrom('{space:String}', windows, "toDateTime64({from:Int64}, 9, 'UTC')", "toDateTime64({to:Int64}, 9, 'UTC')")}
    WHERE ${windows}
  )
)
GROUP BY hour, service, version, type, shape, told_by_span, span_group`,
  ],
  visible: `
SELECT intDiv(toUnixTimestamp64Nano(logs.time), 60000000000) * 60 AS minute, count() AS spans FROM logs
WHERE space = {space:String} AND logs.time >= toDateTime64({sources_from:Int64}, 9, 'UTC')
  AND logs.time < toDateTime64({sources_to:Int64}, 9, 'UTC')
GROUP BY minute`,
}
