import { z } from 'zod'
import { attributes, cursor, filter, format, limit, page, scope, serviceName, timestamp, traceId } from './common.ts'
import { timeRange } from './time.ts'

export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
export const spanStatuses = ['unset', 'ok', 'error'] as const

/**
 * `GET /traces`, newest first. A trace is found when ONE of its spans has this service, operation, status and filter
 * together and starts in the range. Durations are of the whole trace: first start to last end.
 */
export const tracesQuery = z.strictObject({
  service: serviceName.optional(),
  operation: z.string().min(1).max(1024).optional().describe('The exact name of the span'),
  status: z.enum(['error', 'ok']).optional().describe('ok: the span did not fail (status ok or unset)'),
  minDuration: z.coerce.number().min(0).optional().describe('ms, of the whole trace'),
  maxDuration: z.coerce.number().min(0).optional().describe('ms, of the whole trace'),
  filter: filter.optional(),
  ...timeRange,
  limit,
  cursor: cursor.optional(),
})
export type TracesQuery = z.infer<typeof tracesQuery>

/** Counted over all spans of the trace, not only those that were searched for. */
export const traceSummary = z.object({
  traceId: z.string(),
  rootService: z.string().describe('Of the span without a parent here; of the earliest one when there are several'),
  rootOperation: z.string(),
  startTime: timestamp,
  durationMs: z.number().describe('First start to last end'),
  spanCount: z.number().int(),
  errorCount: z.number().int(),
  services: z.array(z.string()),
})
export type TraceSummary = z.infer<typeof traceSummary>
export const tracesAnswer = page(traceSummary)
export type TracesAnswer = z.infer<typeof tracesAnswer>

export const spanEvent = z.object({
  name: z.string(),
  time: timestamp,
  timeUnixNano: z.string(),
  attributes,
  droppedAttributesCount: z.number().int(),
})
export const spanLink = z.object({
  traceId: z.string(),
  spanId: z.string(),
  traceState: z.string(),
  flags: z.number().int(),
  attributes,
  droppedAttributesCount: z.number().int(),
})
export const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().nullable().describe('null for a root span'),
  service: z.string(),
  name: z.string(),
  kind: z.enum(spanKinds),
  startTime: timestamp,
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  durationMs: z.number().describe('0 when the span ends before it starts'),
  status: z.enum(spanStatuses),
  statusMessage: z.string(),
  traceState: z.string(),
  flags: z.number().int(),
  attributes,
  resource: attributes,
  scope,
  events: z.array(spanEvent),
  links: z.array(spanLink),
  droppedAttributesCount: z.number().int(),
  droppedEventsCount: z.number().int(),
  droppedLinksCount: z.number().int(),
})
export type Span = z.infer<typeof span>
export type SpanEvent = z.infer<typeof spanEvent>
export type SpanLink = z.infer<typeof spanLink>

/** `GET /traces/:traceId`, spans by start. With `format=otlp`: TracesData of OTLP JSON, whole, up to 10,000 spans. */
export const traceParams = z.object({ traceId })
export const traceQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
  cursor: cursor.optional(),
  format,
})
export const traceAnswer = z.object({
  traceId: z.string(),
  spans: z.array(span),
  nextCursor: z.string().nullable(),
})
export type TraceAnswer = z.infer<typeof traceAnswer>
