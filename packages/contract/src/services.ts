import { z } from 'zod'
import { completeness, cursor, limit, page, point, serviceName } from './common.ts'
import { errorGroup } from './error-groups.ts'
import { nodeKinds } from './service-map.ts'
import { timeRange } from './time.ts'

/** Rate, errors, duration over the range asked for. Entry spans only: server and consumer. */
export const red = {
  requests: z.number().describe('Weighted by sampling, so it can be a fraction'),
  requestRate: z.number().describe('Per second'),
  errors: z.number(),
  errorRate: z.number().describe('0 to 1'),
  p50: z.number().nullable().describe('ms, within 4.4 %; null without requests'),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
}

/** RED over time, one point per `intervalSeconds`; null where there were no requests (rates: 0). */
export const redSeries = z.object({
  requestRate: z.array(point),
  errorRate: z.array(point),
  p50: z.array(point),
  p95: z.array(point),
  p99: z.array(point),
})
export type RedSeries = z.infer<typeof redSeries>

export const service = z.object({ name: z.string(), ...red })
export type Service = z.infer<typeof service>

export const endpoint = z.object({
  service: z.string(),
  operation: z.string().describe('The name of the span'),
  method: z.string().describe('Empty when it is not HTTP'),
  route: z.string().describe('Empty when the client sent none'),
  kind: z.enum(['server', 'consumer']),
  ...red,
  average: z.number().nullable().describe('ms'),
  max: z.number().nullable().describe('ms'),
})
export type Endpoint = z.infer<typeof endpoint>

/** Of calls, as who made them measured. */
const call = {
  requests: z.number(),
  errors: z.number(),
  p95: z.number().nullable().describe('ms, within 4.4 %'),
}

/** `GET /services`, most requests first. Services that sent no entry span are listed with zero requests. */
export const servicesQuery = z.strictObject({ ...timeRange, limit, cursor: cursor.optional() })
export const servicesResponse = page(service)
export type ServicesResponse = z.infer<typeof servicesResponse>

/** `GET /services/:name` */
export const serviceParams = z.object({ name: serviceName })
export const serviceQuery = z.strictObject({
  ...timeRange,
  interval: z.coerce.number().int().min(60).max(86_400).multipleOf(60).optional().describe('Seconds, in whole minutes'),
})
export const serviceResponse = z.object({
  ...service.shape,
  from: z.string(),
  to: z.string(),
  intervalSeconds: z.number(),
  series: redSeries,
  endpoints: z.array(endpoint).describe('The 100 busiest'),
  dependencies: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.enum(nodeKinds),
        direction: z.enum(['in', 'out']),
        ...call,
      }),
    )
    .describe('What it asks (out) and what asks it (in), most requests first; ids as in the service map'),
  databaseCalls: z
    .array(
      z.object({
        system: z.string(),
        namespace: z.string(),
        operation: z.string().describe('The name of the span'),
        ...call,
      }),
    )
    .describe('The 50 that take longest in all'),
  errorGroups: z.array(errorGroup).describe('The ten with the most errors'),
  ...completeness,
})
export type ServiceResponse = z.infer<typeof serviceResponse>
