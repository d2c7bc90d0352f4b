import { z } from 'zod'

/** Days that the specification keeps, unless it is told otherwise. */
export const specifiedRetention = { logs: 7, metrics: 30 } as const

const alertChannels = ['email', 'slack', 'webhook', 'sms'] as const
const logLevels = ['debug', 'info', 'warn', 'error'] as const

const lowerCase = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value)

/** A severity that the SDK's `logger` knows. Upper case is accepted. */
const logLevel = z.preprocess(lowerCase, z.enum(logLevels))

/** A channel by its kind, or an object with its kind and whatever the server needs to reach it. */
const alertChannel = z.union([
  z.preprocess(lowerCase, z.enum(alertChannels)),
  z.looseObject({ type: z.preprocess(lowerCase, z.enum(alertChannels)) }),
])

const services = z.strictObject({
  database: z.boolean().default(true),
  redis: z.boolean().default(true),
  externalApis: z.array(z.string().min(1)).default([]),
})

const metrics = z.strictObject({
  system: z.boolean().default(true),
  application: z.boolean().default(true),
  custom: z.boolean().default(true),
})

const alerts = z.strictObject({
  enabled: z.boolean().default(true),
  defaultChannels: z.array(alertChannel).default([]),
})

const logging = z.strictObject({
  level: logLevel.default('info'),
  retention: z.number().int().min(1).max(3650).default(specifiedRetention.logs),
})

const tracing = z.strictObject({
  enabled: z.boolean().default(true),
  samplingRate: z.number().min(0).max(1).default(1),
})

/** `GET /orders/:id`, `/orders/:id` or `*`. */
const budgetKey = z.string().regex(/^([A-Z]+ )?\/|^\*$/, 'must be a route, a method and a route, or *')

const requests = z.strictObject({
  slowMs: z.number().positive().default(1000),
  budgets: z.record(budgetKey, z.number().positive()).default({}),
  traceHeader: z
    .union([z.literal(false), z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no header name')])
    .default('x-trace-id'),
})

const database = z.strictObject({ slowMs: z.number().positive().default(500) })

/**
 * The specification's configuration object, every part optional, plus what a service needs to say about itself. The SDK takes
 * it in a service, and the server from a file; each uses its own parts of it.
 * Units: `collectInterval` in seconds, `slowMs` and `budgets` in milliseconds, `retentionDays` and `logging.retention` in days, `samplingRate` from 0 to 1.
 */
export const configuration = z.strictObject({
  enabled: z.boolean().default(true),
  collectInterval: z.number().min(1).max(86_400).default(60),
  retentionDays: z.number().int().min(1).max(3650).default(specifiedRetention.metrics),
  services: services.prefault({}),
  metrics: metrics.prefault({}),
  alerts: alerts.prefault({}),
  logging: logging.prefault({}),
  tracing: tracing.prefault({}),
  requests: requests.prefault({}),
  database: database.prefault({}),
  serviceName: z.string().min(1).max(255).optional(),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no header name'), z.string()).optional(),
})

/** The configuration object with every default filled in. */
export type ResolvedConfig = z.output<typeof configuration>
