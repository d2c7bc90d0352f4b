import { z } from 'zod'
import { completeness, type Level, level, levels, point, timestamp } from './common.ts'
import { health } from './health.ts'
import { endpoint, red, redSeries, service } from './services.ts'
import { timeRange } from './time.ts'
import { traceSummary } from './traces.ts'

/** `GET /overview`: everything of the first page in one answer. */
export const overviewQuery = z.strictObject({ ...timeRange })

/** Every level is there. Spelt out in the API's document, where a record would have levels of any name. */
const countsByLevel = z.object(
  Object.fromEntries(levels.map((name) => [name, z.number().int()])) as Record<Level, z.ZodNumber>,
)

export const hostNow = z.object({
  host: z.string(),
  timestamp: timestamp.describe('Of its newest value'),
  cpu: z.number().nullable().describe('Percent, 0 to 100'),
  memory: z.number().nullable().describe('Percent, 0 to 100'),
  disk: z.number().nullable().describe('Percent of the fullest file system, 0 to 100'),
  load: z.number().nullable().describe('Average of one minute'),
  cores: z.number().int().nullable(),
  series: z.object({ cpu: z.array(point), memory: z.array(point) }),
})
export type HostNow = z.infer<typeof hostNow>

export const serviceRow = z.object({
  ...service.shape,
  series: z.object({ requestRate: z.array(point), errorRate: z.array(point), p95: z.array(point) }),
})
export type ServiceRow = z.infer<typeof serviceRow>

export const overviewResponse = z.object({
  timestamp,
  from: timestamp,
  to: timestamp,
  intervalSeconds: z.number().describe('Between the points of every series here'),
  health: health.optional(),
  otlpHttpPort: z.number().int().optional().describe('Where OTLP/HTTP is received, on the host of this API'),
  ...red,
  activeUsers: z.number().int().describe('Different values of user.id on entry spans'),
  activeSessions: z.number().int().describe('Different values of session.id on entry spans'),
  latency: z
    .object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() })
    .describe('ms'),
  series: redSeries,
  services: z.array(serviceRow).describe('The 50 with the most requests'),
  serviceCount: z.number().int(),
  endpoints: z.object({ busiest: z.array(endpoint), slowest: z.array(endpoint).describe('By p95') }),
  system: z.array(hostNow),
  logs: z.object({
    total: z.number().int(),
    byLevel: countsByLevel,
    series: z.array(z.object({ level, points: z.array(point) })),
  }),
  errorTraces: z.array(traceSummary).describe('The ten newest traces with an error'),
  alerts: z
    .object({ info: z.number().int(), warning: z.number().int(), error: z.number().int(), critical: z.number().int() })
    .optional()
    .describe('Firing now, by severity'),
  checks: health.shape.checks.optional(),
  ...completeness,
})
export type OverviewResponse = z.infer<typeof overviewResponse>
