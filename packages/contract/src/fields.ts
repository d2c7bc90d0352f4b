import { z } from 'zod'
import { querySignals } from './query.ts'
import { timeRange } from './time.ts'

const question = {
  signal: z.enum(querySignals),
  filter: z.string().max(10_000).optional().describe('Only of what this filter finds'),
  metric: z.string().min(1).max(1024).optional().describe('Of metrics: only of the series of this name'),
  search: z.string().min(1).max(1024).optional().describe('A part of the key or value, in any case'),
  ...timeRange,
  limit: z.coerce.number().int().min(1).max(1000).default(100),
}

const sampled = z
  .object({
    complete: z.boolean().describe('Whether everything in the range was looked at; otherwise counts are estimates'),
    rows: z.number().int().describe('How many rows were looked at, the newest ones'),
    from: z.string().describe('The time back to which they reach'),
  })
  .describe('What the counts are of')

const nextCursor = z.null().describe('There are no further pages: raise limit, or search')

/** `GET /fields/keys`, most frequent first: what can be filtered and grouped by. */
export const fieldKeysQuery = z.strictObject(question)
export const fieldKey = z.object({
  key: z.string().describe('As a filter has it; resource.KEY for what describes the sender'),
  type: z.enum(['string', 'number', 'boolean', 'object']),
  source: z.enum(['field', 'attribute', 'resource']),
  count: z.number().describe('Rows that have it, weighted by sampling; of metrics, series'),
})
export type FieldKey = z.infer<typeof fieldKey>
export const fieldKeysResponse = z.object({ items: z.array(fieldKey), nextCursor, sampled })
export type FieldKeysResponse = z.infer<typeof fieldKeysResponse>

/** `GET /fields/values`, most frequent first. */
export const fieldValuesQuery = z.strictObject({ ...question, key: z.string().min(1).max(1024) })
export const fieldValuesResponse = z.object({
  key: z.string(),
  items: z.array(z.object({ value: z.string().describe('As text, whatever its type'), count: z.number() })),
  nextCursor,
  sampled,
})
export type FieldValuesResponse = z.infer<typeof fieldValuesResponse>
