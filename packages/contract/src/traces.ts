import { z } from 'zod'
import {
  attributes,
  cursor,
  filter,
  format,
  limit,
  page,
  scope,
  serviceName,
  spanId,
  timestamp,
  traceId,
} from './common.ts'
import { mappedStack } from './mapped-stack.ts'
import { timeRange } from './time.ts'

export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
export const spanStatuses = ['unset', 'ok', 'error'] as const

const otherNumber = z
  .string()
  .regex(/^\d{1,3}$/)
  .describe('A number that OpenTelemetry gives no name')
const kind = z.union([z.enum(spanKinds), otherNumber])
const status = z.union([z.enum(spanStatuses), otherNumber])

/** The name of a kind of span; its number where there is none. */
export function spanKindOf(number: number): string {
  return spanKinds[number] ?? String(number)
}

/** The name of a status; its number where there is none. */
export function spanStatusOf(number: number): string {
  return spanStatuses[number] ?? String(number)
}

/** A length of time: in nanoseconds it has to fit into 64 bits. */
const milliseconds = <Schema extends z.ZodNumber | z.ZodCoercedNumber>(number: Schema) =>
  number.min(0).max(9_000_000_000_000)

/** `true` and `false`, and what else stands for them: 1, 0, yes, no, on, off. */
const flag = z.stringbool().meta({ enum: ['true', 'false'] })

/**
 * `GET /traces`, newest first. A trace is found when ONE of its spans has this service, operation, status and filter
 * together and starts in the range. Durations are of the whole trace: first start to last end.
 */
export const tracesQuery = z.strictObject({
  service: serviceName.optional(),
  operation: z.string().min(1).max(1024).optional().describe('The exact name of the span'),
  status: z.enum(['error', 'ok']).optional().describe('ok: the span did not fail (status ok or unset)'),
  minDuration: milliseconds(z.coerce.number()).optional().describe('ms, of the whole trace'),
  maxDuration: milliseconds(z.coerce.number()).optional().describe('ms, of the whole trace'),
  minSpanDuration: milliseconds(z.coerce.number()).optional().describe('ms, of the span'),
  maxSpanDuration: milliseconds(z.coerce.number()).optional().describe('ms, of the span'),
  rootOnly: flag.optional().describe('The span is a root: it has no parent'),
  calls: filter.optional().describe('Some span below it, at any depth, fulfils this filter'),
  errorBelow: flag.optional().describe('Some span below it, at any depth, failed'),
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
export const tracesResponse = page(traceSummary)
export type TracesResponse = z.infer<typeof tracesResponse>

export const spanEvent = z.object({
  name: z.string(),
  time: timestamp,
  timeUnixNano: z.string(),
  attributes,
  droppedAttributesCount: z.number().int(),
  mappedStack: mappedStack.optional().describe('`exception.stacktrace` after source maps, where one fits'),
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
  kind,
  startTime: timestamp,
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  durationMs: z.number().describe('0 when the span ends before it starts'),
  status,
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
export const traceResponse = z.object({
  traceId: z.string(),
  spans: z.array(span),
  nextCursor: z.string().nullable(),
})
export type TraceResponse = z.infer<typeof traceResponse>

/** `GET /traces/:traceId/tree`: a page of the tree of a trace, in the order that it is drawn in; or of the part below a span. */
export const traceTreeQuery = z.strictObject({
  span: spanId.optional().describe('Only this span and what is below it'),
  depth: z.coerce.number().int().min(0).max(1000).default(1000).describe('How many levels below the first are opened'),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  cursor: cursor.optional(),
})
export const treeSpan = z.object({
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  depth: z.number().int().describe('0 for a root of the trace'),
  service: z.string(),
  name: z.string(),
  kind,
  status,
  offsetMs: z.number().describe('From the start of the trace'),
  durationMs: z.number(),
  selfMs: z.number().describe('While none of its children ran'),
  children: z.number().int(),
  descendants: z.number().int(),
  errorsBelow: z.number().int().describe('Failed descendants'),
  critical: z.boolean().describe('On the critical path'),
})
export type TreeSpan = z.infer<typeof treeSpan>
export const traceTreeResponse = z.object({
  traceId: z.string(),
  startTime: timestamp,
  durationMs: z.number(),
  spanCount: z.number().int(),
  errorCount: z.number().int(),
  truncated: z.boolean().describe('The trace has more than 250,000 spans; the latest are left out'),
  services: z
    .array(z.object({ service: z.string(), spans: z.number().int(), errors: z.number().int(), selfMs: z.number() }))
    .describe('Most self time first'),
  criticalPath: z
    .array(
      z.object({
        spanId: z.string(),
        service: z.string(),
        name: z.string(),
        offsetMs: z.number(),
        durationMs: z.number(),
      }),
    )
    .describe(
      'What the whole had to wait for, piece by piece, earliest first; the 1000 longest pieces. Where no span ran there is a gap',
    ),
  items: z.array(treeSpan),
  nextCursor: z.string().nullable(),
})
export type TraceTreeResponse = z.infer<typeof traceTreeResponse>

/** What one span fulfils, all together. */
const spanChoice = {
  service: serviceName.optional(),
  operation: z.string().min(1).max(1024).optional(),
  filter: filter.optional(),
}

/** `POST /traces/compare`: which attributes set some spans apart from the rest: why is it slow, why does it fail? */
export const compareBody = z.strictObject({
  ...timeRange,
  ...spanChoice,
  selected: z
    .strictObject({
      minDuration: milliseconds(z.number()).optional().describe('ms, of the span'),
      status: z.enum(['error', 'ok']).optional(),
      filter: filter.optional(),
    })
    .refine((selected) => Object.keys(selected).length > 0, { message: 'must say what sets the spans apart' })
    .meta({ minProperties: 1 })
    .describe('Which of those spans are compared with the rest of them'),
  limit: z.number().int().min(1).max(200).default(50),
})
export type CompareBody = z.infer<typeof compareBody>

const share = z.object({ count: z.number().int(), share: z.number().describe('0 to 1, of its side') })
export const compareResponse = z.object({
  selected: z.number().int().describe('Spans that were looked at: the newest 100,000 at most'),
  rest: z.number().int(),
  attributes: z
    .array(z.object({ key: z.string(), value: z.string(), selected: share, rest: share, difference: z.number() }))
    .describe(
      'Those that chance does not explain, largest difference of shares first; of the resource as resource.KEY',
    ),
})
export type CompareResponse = z.infer<typeof compareResponse>
