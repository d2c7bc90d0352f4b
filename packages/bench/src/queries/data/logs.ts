import { counterBits } from '@burstlet/otlp/record-ids'
import { customerNames, logTemplates, rareWords, templateTickets } from '../scenario/log-templates.ts'
import { hashOf, literal, momentOf, type Piece, skewed, spanIdOf, traceIdOf, type Week } from './statements.ts'

const templates = logTemplates()
const tickets = templateTickets()

/** How many different rare words there are in so many lines: each stands in about twenty of them. */
export const rareWordsIn = (lines: number) => rareWords(Math.max(40, Math.round(lines / 200_000)))

export const logTables = [
  `CREATE TABLE IF NOT EXISTS bench.templates (template UInt16, service String, severity UInt8, severity_text String, logger String,
  p0 String, p1 String, p2 String, p3 String) ENGINE = Memory`,
  'CREATE TABLE IF NOT EXISTS bench.words (rare Array(String), customers Array(String)) ENGINE = Memory',
]

export function logRows(lines: number): string[] {
  const rows = templates.map(({ template, service, severity, severityText, logger, pieces }) =>
    [template, service, severity, severityText, logger, ...pieces].map(literal).join(', '),
  )
  return [
    `INSERT INTO bench.templates VALUES ${rows.map((row) => `(${row})`).join(', ')}`,
    `INSERT INTO bench.words VALUES (${literal(rareWordsIn(lines))}, ${literal(customerNames())})`,
  ]
}

/** Log records as the decoder would have written them; two in three belong to a trace of their moment. @param traces how many there are */
export function insertLogs(piece: Piece, week: Week, traces: number): string {
  const chance = hashOf('line', "'chance'")
  const trace = `toUInt64(intDiv(toUInt128(line) * ${traces}, ${piece.of}))`
  return `
INSERT INTO burstlet.logs (space, received, service, time, time_source, observed, record_id, severity, severity_text, trace_id, span_id, flags,
  event_name, body, body_type, res_hash, scope_hash, attr_s, attr_i)
WITH (SELECT rare FROM bench.words) AS rare, (SELECT customers FROM bench.words) AS customers,
  ${chance} AS chance, ${trace} AS trace, chance % 3 != 0 AS traced
SELECT 'default', toDateTime(intDiv(moment, 1000000000) + 2), service, fromUnixTimestamp64Nano(moment), 0, fromUnixTimestamp64Nano(moment + 90000),
  bitShiftLeft(toUInt64(intDiv(moment, 1000000)), ${counterBits}) + line % ${2 ** counterBits}, severity, severity_text, if(traced, ${traceIdOf('trace')}, toFixedString('', 16)),
  if(traced, ${spanIdOf('trace', 'toUInt16(0)')}, toFixedString('', 8)), if(traced, 1, 0), '',
  concat(p0, customers[${skewed(20_000, 'line', "'customer'")} + 1], p1, toString(chance % 5000), p2, lower(hex(toUInt32(chance))), p3,
    if(chance % 10000 = 0, concat(' ', rare[intDiv(chance, 10000) % length(rare) + 1]), '')), 1,
  ${hashOf('service', 'line % 2', "'resource'")}, ${hashOf("'scope'", '9')},
  map('logger', logger, 'video.id', lower(hex(toUInt32(intDiv(chance, 7)))), 'codec', ['av1', 'h264', 'vp9'][chance % 3 + 1],
    'region', ['eu-west-1', 'us-east-1'][chance % 2 + 1], 'thread', concat('worker-', toString(chance % 16)),
    'tenant.id', concat('tenant-', toString(${skewed(5000, 'line', "'tenant'")}))),
  map('attempt', toInt64(chance % 3), 'bytes', toInt64(chance % 1000000))
FROM (
  SELECT line, ${literal(tickets)}[${hashOf('line', "'template'")} % ${tickets.length} + 1] AS template, ${momentOf('line', piece.of, week)} AS moment
  FROM (SELECT number AS line FROM numbers(${piece.first}, ${piece.count}))
) AS lines
INNER JOIN (SELECT * FROM bench.templates) AS templates USING template`
}
