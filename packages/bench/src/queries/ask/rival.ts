import type { Subject } from './subjects.ts'

/** Asks the engine one statement; the rows as objects. */
export type AskRival = (sql: string) => Promise<Record<string, unknown>[]>

const hour = 3_600_000
const time = (ms: number) => `fromUnixTimestamp64Milli(${ms})`
const during = ({ to }: Subject, hours: number) => `Timestamp >= ${time(to - hours * hour)} AND Timestamp < ${time(to)}`
const red = `count() AS requests, countIf(StatusCode = 'Error') AS errors, quantiles(0.5, 0.95, 0.99)(Duration) AS durations`
const entry = `SpanKind IN ('Server', 'Consumer')`
const every = (minutes: number) => `toStartOfInterval(Timestamp, INTERVAL ${minutes} MINUTE)`

/** Figures and series of all services, endpoints, counts of logs, newest traces with an error: asked at once, as ours are. */
export function overview(ask: AskRival, subject: Subject): Promise<unknown> {
  const range = during(subject, 24)
  return Promise.all([
    ask(
      `SELECT ServiceName, ${every(30)} AS at, ${red} FROM otel.otel_traces WHERE ${range} AND ${entry} GROUP BY ServiceName, at`,
    ),
    ask(`SELECT ServiceName, SpanName, ${red} FROM otel.otel_traces WHERE ${range} AND ${entry} GROUP BY ServiceName, SpanName
ORDER BY requests DESC LIMIT 1000`),
    ask(
      `SELECT SeverityText, ${every(30)} AS at, count() FROM otel.otel_logs WHERE ${range} GROUP BY SeverityText, at`,
    ),
    ask(`SELECT uniq(SpanAttributes['user.id']) AS users, uniq(SpanAttributes['session.id']) AS sessions
FROM otel.otel_traces WHERE ${range} AND ${entry}`),
    newest(ask, subject, `StatusCode = 'Error'`, 10),
  ])
}

export function serviceList(ask: AskRival, subject: Subject): Promise<unknown> {
  return ask(
    `SELECT ServiceName, ${red} FROM otel.otel_traces WHERE ${during(subject, 24)} AND ${entry} GROUP BY ServiceName`,
  )
}

export function redOfService(ask: AskRival, subject: Subject): Promise<unknown> {
  return ask(`SELECT ${every(10)} AS at, ${red} FROM otel.otel_traces
WHERE ServiceName = '${subject.service}' AND ${during(subject, 24)} AND ${entry} GROUP BY at ORDER BY at`)
}

/** RED, endpoints, database calls and errors; what it asks and is asked by needs a join, see {@link serviceMap}, and is left out. */
export function servicePage(ask: AskRival, subject: Subject): Promise<unknown> {
  const own = `ServiceName = '${subject.service}' AND ${during(subject, 24)}`
  return Promise.all([
    redOfService(ask, subject),
    ask(`SELECT SpanName, ${red} FROM otel.otel_traces WHERE ${own} AND ${entry} GROUP BY SpanName`),
    ask(`SELECT SpanAttributes['db.system.name'] AS system, SpanName, ${red} FROM otel.otel_traces
WHERE ${own} AND SpanKind = 'Client' AND system != '' GROUP BY system, SpanName`),
    ask(`SELECT StatusMessage, SpanName, count(), min(Timestamp), max(Timestamp), any(TraceId) FROM otel.otel_traces
WHERE ${own} AND StatusCode = 'Error' GROUP BY StatusMessage, SpanName`),
  ])
}

/** As the exporter's README has it. */
export function traceById(ask: AskRival, { traceId }: Subject): Promise<unknown> {
  const bound = (of: string) => `(SELECT ${of} FROM otel.otel_traces_trace_id_ts WHERE TraceId = '${traceId}')`
  return ask(`WITH ${bound('min(Start)')} AS first, ${bound('max(End) + 1')} AS last
SELECT * FROM otel.otel_traces WHERE TraceId = '${traceId}' AND Timestamp >= first AND Timestamp <= last ORDER BY Timestamp`)
}

export const tracesWith = (key: string, value: (subject: Subject) => string) => (ask: AskRival, subject: Subject) =>
  newest(ask, subject, `SpanAttributes['${key}'] = '${value(subject)}'`, 50)

/** The newest traces of a day with such a span, then what a list shows of them. */
async function newest(ask: AskRival, subject: Subject, condition: string, limit: number): Promise<unknown> {
  // A trace may have several; eight times as many spans are enough nearly always.
  const rows = await ask(`SELECT TraceId, toString(toUnixTimestamp64Milli(Timestamp)) AS at FROM otel.otel_traces
WHERE ${during(subject, 24)} AND ${condition} ORDER BY Timestamp DESC LIMIT ${limit * 8}`)
  const ids = [...new Set(rows.map((row) => String(row['TraceId'])))].slice(0, limit)
  if (ids.length === 0) return []
  const times = rows.filter((row) => ids.includes(String(row['TraceId']))).map((row) => Number(row['at']))
  return ask(`SELECT TraceId, argMin(ServiceName, Timestamp), argMin(SpanName, Timestamp), min(Timestamp), max(Timestamp), count(),
  countIf(StatusCode = 'Error'), groupUniqArray(ServiceName)
FROM otel.otel_traces WHERE TraceId IN (${ids.map((id) => `'${id}'`).join(', ')})
  AND Timestamp >= ${time(Math.min(...times) - hour / 6)} AND Timestamp <= ${time(Math.max(...times) + hour / 6)} GROUP BY TraceId`)
}

export function logsWithWord(ask: AskRival, subject: Subject): Promise<unknown> {
  return ask(`SELECT * FROM otel.otel_logs WHERE ${during(subject, 7 * 24)} AND hasAllTokens(lower(Body), ['${subject.word}'])
ORDER BY Timestamp DESC LIMIT 50`)
}

/** Entry spans joined with their parents, and calls of databases. */
export function serviceMap(ask: AskRival, subject: Subject): Promise<unknown> {
  const range = during(subject, 24)
  return Promise.all([
    ask(`SELECT caller, called, count() AS requests, countIf(failed) AS errors, quantile(0.95)(duration) AS p95 FROM (
  SELECT ServiceName AS called, TraceId, ParentSpanId, StatusCode = 'Error' AS failed, Duration AS duration
  FROM otel.otel_traces WHERE ${range} AND ${entry} AND ParentSpanId != ''
) AS child INNER JOIN (
  SELECT ServiceName AS caller, TraceId, SpanId FROM otel.otel_traces WHERE ${range} AND SpanKind IN ('Client', 'Producer')
) AS parent ON child.TraceId = parent.TraceId AND child.ParentSpanId = parent.SpanId
WHERE caller != called GROUP BY caller, called SETTINGS join_algorithm = 'grace_hash'`),
    ask(`SELECT ServiceName, SpanAttributes['db.system.name'] AS system, SpanAttributes['db.namespace'] AS namespace, ${red}
FROM otel.otel_traces WHERE ${range} AND SpanKind = 'Client' AND system != '' GROUP BY ServiceName, system, namespace`),
  ])
}
