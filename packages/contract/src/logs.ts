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
  trace: z
    .object({ traceId: z.string(), spanId: z.string() })
    .nullable()
    .describe('spanId is empty when none was sent'),
})
export type LogRecord = z.infer<typeof logRecord>
export const logsAnswer = page(logRecord)
export type LogsAnswer = z.infer<typeof logsAnswer>

/** `GET /logs/histogram`: the same search, counted per level and bucket. */
export const logsHistogramQuery = z.strictObject({
  ...search,
  interval: interval.optional().describe('Seconds; by default for about 60 buckets'),
})
export type LogsHistogramQuery = z.infer<typeof logsHistogramQuery>
export const logsHistogramAnswer = z.object({
  from: timestamp,
  to: timestamp,
  intervalSeconds: z.number(),
  total: z.number().int(),
  series: z
    .array(z.object({ level, total: z.number().int(), points: z.array(point) }))
    .describe('Levels that occur, lowest first; every series has every bucket'),
})
export type LogsHistogramAnswer = z.infer<typeof logsHistogramAnswer>
