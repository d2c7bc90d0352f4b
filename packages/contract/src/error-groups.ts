import { z } from 'zod'
import { cursor, limit, page, point, serviceName, timestamp } from './common.ts'
import { mappedStack } from './mapped-stack.ts'
import { timeRange } from './time.ts'

export const errorGroupId = z
  .string()
  .regex(/^[0-9a-fA-F]{16}$/, 'must be 16 hex digits')
  .toLowerCase()

/** `GET /errors`: errors of one cause together, by service, type, shape of the message and top frames of the stack. */
export const errorGroupsQuery = z.strictObject({
  ...timeRange,
  service: serviceName.optional(),
  search: z.string().min(1).max(1000).optional().describe('A part of the type or the message, in any case'),
  sort: z.enum(['count', 'lastSeen']).default('count'),
  limit,
  cursor: cursor.optional(),
})

export const errorSample = z.object({
  timestamp,
  service: z.string(),
  operation: z.string().describe('The name of the span; empty for a log record whose span is not known to have failed'),
  message: z.string(),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
})
export type ErrorSample = z.infer<typeof errorSample>

export const errorGroup = z.object({
  id: z.string(),
  type: z.string().describe('exception.type or error.type; may be empty'),
  message: z.string().describe('Of the newest'),
  services: z.array(z.string()),
  count: z
    .number()
    .describe('Each error once: what a span and a log record of it both tell is one. Spans are weighted by sampling.'),
  spans: z.number().describe('That tell it, weighted by sampling'),
  logs: z.number().int().describe('Records with exception.* attributes that tell it'),
  firstSeen: timestamp.describe('In the range'),
  lastSeen: timestamp,
  samples: z.array(errorSample).describe('Newest first'),
})
export type ErrorGroup = z.infer<typeof errorGroup>
export const errorGroupsResponse = page(errorGroup)
export type ErrorGroupsResponse = z.infer<typeof errorGroupsResponse>

/** `GET /errors/:group` */
export const errorGroupParams = z.object({ group: errorGroupId })
export const errorGroupQuery = z.strictObject({ ...timeRange })
export const errorGroupResponse = z.object({
  ...errorGroup.shape,
  stack: z.string().describe('Of the newest, as it was sent; empty when none was'),
  mappedStack: mappedStack.nullable().describe('The same after source maps; null when none of its release fits'),
  intervalSeconds: z.number(),
  series: z.array(point).describe('Count per interval'),
})
export type ErrorGroupResponse = z.infer<typeof errorGroupResponse>
