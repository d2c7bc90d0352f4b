import { z } from 'zod'
import { timestamp } from './common.ts'

export const healthStatus = z.enum(['healthy', 'degraded', 'unhealthy'])
export type HealthStatus = z.infer<typeof healthStatus>

export const componentHealth = z.object({
  status: z
    .enum(['healthy', 'degraded', 'unhealthy', 'disabled'])
    .describe('disabled: this role or store is not part of this process'),
  latencyMs: z.number().nullable().describe('Of the probe; null when there is nothing to measure'),
  message: z.string().optional().describe('What is wrong, and how it ends; absent when nothing is'),
})
export type ComponentHealth = z.infer<typeof componentHealth>

/** `GET /health`; 503 when a component of ours is unhealthy. A user's failing check never changes `status`. */
export const health = z
  .object({
    status: healthStatus,
    timestamp,
    uptimeSeconds: z.number(),
    version: z.string(),
    components: z.object({
      ingest: componentHealth,
      clickhouse: componentHealth,
      database: componentHealth,
      scheduler: componentHealth,
    }),
    checks: z.object({
      healthy: z.number().int(),
      degraded: z.number().int(),
      unhealthy: z.number().int(),
      unknown: z.number().int(),
    }),
  })
  .meta({ id: 'Health' })
export type Health = z.infer<typeof health>
