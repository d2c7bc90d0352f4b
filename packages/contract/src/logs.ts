import { z } from 'zod'
import {
  attributes,
  cursor,
  filter,
  format,
  interval,
  level,
  limit,
  list,
  page,
  point,
  scope,
  serviceName,
  spanId,
  timestamp,
  traceId,
} from './common.ts'
import { mappedStack } from './mapped-stack.ts'
import { timeRange } from './time.ts'

const search = {
  level: list(level).optional().describe('A set: error,fatal'),
  minLevel: level.optional().describe('This level and those above it'),
  service: serviceName.optional(),
  search: z.string().min(1).max(1000).optional().describe('Text that the body contains, in any case'),
  traceId: traceId.optional(),
  spanId: spanId.optional(),
  filter: filter.optional(),
  ...timeRange,
}

/** `GET /logs`, newest first. With `format=otlp`: LogsData of OTLP JSON, the same page of records. */
export const logsQuery = z.strictObject({ ...search, limit, cursor: cursor.optional(), format })
export type LogsQuery = z.infer<typeof logsQuery>

export const logRecord = z.object({
  id: z.string().describe('Decimal; unique within a time'),
  level,
  severityNumber: z.number().int(),
  severityText: z.string(),
  message: z.string().describe('The body; what is not a string as JSON'),
  timestamp,
  timeUnixNano: z.string(),
  service: z.string(),
  eventName: z.string(),
  metadata: attributes.describe('The attributes of the record'),
  resource: attributes,
  scope,
  mappedStack: mappedStack.optional().describe('`exception.stacktrace` after source maps, where one fits'),
  trace: z
    .object({ traceId: z.string(), spanId: z.string() })
    .nullable()
    .describe('spanId is empty when none was sent'),
})
export type LogRecord = z.infer<typeof logRecord>
export const logsResponse = page(logRecord)
export type LogsResponse = z.infer<typeof logsResponse>

/** `GET /logs/histogram`: the same search, counted per level and bucket. */
export const logsHistogramQuery = z.strictObject({
  ...search,
  interval: interval.optional().describe('Seconds; by default for about 60 buckets'),
})
export type LogsHistogramQuery = z.infer<typeof logsHistogramQuery>
export const logsHistogramResponse = z.object({
  from: timestamp,
  to: timestamp,
  intervalSeconds: z.number(),
  total: z.number().int(),
  series: z
    .array(z.object({ level, total: z.number().int(), points: z.array(point) }))
    .describe('Levels that occur, lowest first; every series has every bucket'),
})
export type LogsHistogramResponse = z.infer<typeof logsHistogramResponse>

/** `GET /logs/facets`: the commonest values of the fields of what a search finds. */
export const logsFacetsQuery = z.strictObject({ ...search })
export const logsFacetsResponse = z.object({
  sampled: z.number().int().describe('Records that were looked at: the newest that the search finds, 10,000 at most'),
  facets: z
    .array(
      z.object({
        field: z.string().describe('As a filter has it'),
        records: z.number().int().describe('Of those looked at, how many have it'),
        values: z.array(z.object({ value: z.string(), count: z.number().int() })).describe('The ten commonest'),
      }),
    )
    .describe('service.name, level, and the 50 attributes that most records have'),
})
export type LogsFacetsResponse = z.infer<typeof logsFacetsResponse>

/** `GET /logs/patterns`: bodies that differ in numbers and ids only, together. */
export const logsPatternsQuery = z.strictObject({
  ...search,
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export const logsPatternsResponse = z.object({
  sampled: z.number().int().describe('Records that were looked at: the newest that the search finds, 100,000 at most'),
  patterns: z
    .array(
      z.object({
        pattern: z.string().describe('The body with every word that has a digit as *'),
        count: z.number().int(),
        level,
        services: z.array(z.string()),
        firstSeen: timestamp,
        lastSeen: timestamp,
        sample: z.string(),
      }),
    )
    .describe('Commonest first; `level` is the highest that occurs'),
})
export type LogsPatternsResponse = z.infer<typeof logsPatternsResponse>

/** `GET /logs/context`: what the same service wrote before and after a record. */
export const logsContextQuery = z.strictObject({
  // What 64 bits can hold, and no zeros before it: ClickHouse takes neither.
  id: z.string().regex(/^(?:0|[1-9]\d{0,18}|1[0-7]\d{18})$/, 'must be the id of a record'),
  time: z.string().regex(/^(?:0|[1-8]\d{0,18}|9\d{0,17}|9[01]\d{17})$/, 'must be the timeUnixNano of the record'),
  service: serviceName,
  before: z.coerce.number().int().min(0).max(500).default(20),
  after: z.coerce.number().int().min(0).max(500).default(20),
})
export type LogsContextQuery = z.infer<typeof logsContextQuery>
export const logsContextResponse = z.object({
  before: z.array(logRecord).describe('Oldest first'),
  record: logRecord,
  after: z.array(logRecord).describe('Oldest first'),
})
export type LogsContextResponse = z.infer<typeof logsContextResponse>

/** `GET /logs/tail`: server-sent events; `log` has a record, `skipped` how many were left out since the client is slow. */
const { from: _from, to: _to, ...tailSearch } = search
export const logsTailQuery = z.strictObject(tailSearch)
/** One event of the tail: the data of `log`, or of `skipped`. */
export const logsTailEvent = z.union([logRecord, z.object({ records: z.number().int() })])
