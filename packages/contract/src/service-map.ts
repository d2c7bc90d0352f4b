import { z } from 'zod'
import { completeness, serviceName, timestamp } from './common.ts'
import { timeRange } from './time.ts'

export const nodeKinds = ['service', 'database', 'queue', 'external'] as const

/** `GET /service-map`: who asks whom. */
export const serviceMapQuery = z.strictObject({
  ...timeRange,
  service: serviceName.optional().describe('Only this one, what it asks and what asks it'),
})

export const mapNode = z.object({
  id: z.string().describe('The name of a service; of others KIND:NAME, such as database:postgresql/videos'),
  kind: z.enum(nodeKinds),
  name: z.string(),
  requests: z.number().describe('Of a service its entry spans, of others what is asked of them; weighted by sampling'),
  errors: z.number(),
  p95: z.number().nullable().describe('ms, within 4.4 %; null without requests'),
})
export type MapNode = z.infer<typeof mapNode>

export const mapEdge = z.object({
  source: z.string().describe('The id of a node'),
  target: z.string().describe('The id of a node'),
  requests: z.number().describe('Weighted by sampling'),
  errors: z.number(),
  p95: z
    .number()
    .nullable()
    .describe('ms, within 4.4 %: of services as they measured it, of others as their caller did'),
})
export type MapEdge = z.infer<typeof mapEdge>

export const serviceMapResponse = z.object({
  from: timestamp,
  to: timestamp,
  nodes: z.array(mapNode),
  edges: z.array(mapEdge).describe('Most requests first'),
  truncated: z.boolean().describe('There are more than 2000 edges; those with the fewest requests are left out'),
  ...completeness,
})
export type ServiceMapResponse = z.infer<typeof serviceMapResponse>
