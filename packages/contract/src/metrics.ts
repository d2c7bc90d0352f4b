import { z } from 'zod'
import {
  attributes,
  completeness,
  cursor,
  filter,
  format,
  interval,
  limit,
  list,
  page,
  point,
  serviceName,
  timestamp,
} from './common.ts'
import { timeRange } from './time.ts'

export const metricTypes = ['gauge', 'sum', 'histogram', 'exponential_histogram', 'summary'] as const
export type MetricType = (typeof metricTypes)[number]

/** avg, sum, min, max, count, last, rate, increase, or a percentile p50 … p99.9 (any from p0 to p100). */
export const aggregation = z
  .string()
  .regex(/^(?:avg|sum|min|max|count|last|rate|increase|p(?:100|\d{1,2}(?:\.\d{1,3})?))$/, {
    message: 'must be avg, sum, min, max, count, last, rate, increase, or a percentile such as p95',
  })
export type Aggregation = z.infer<typeof aggregation>

const tag = z.string().regex(/^[^:]+:.*$/s, 'must be key:value')

/**
 * `GET /metrics` in its three forms: `category=system[&host=]`, `category=application[&service=]`, or
 * `name=&aggregation=&groupBy=&tags=k:v`. With `name=…&format=otlp`: MetricsData of OTLP JSON.
 */
export const metricsQuery = z
  .strictObject({
    category: z.enum(['system', 'application']).optional(),
    host: z.string().min(1).max(1024).optional(),
    service: serviceName.optional(),
    name: z.string().min(1).max(1024).optional(),
    aggregation: aggregation
      .optional()
      .describe('By default: gauge avg, monotonic sum rate, other sum last, histograms and summaries p95'),
    groupBy: list(z.string().min(1).max(1024)).optional().describe('Attribute keys: http.route,resource.host.name'),
    tags: z
      .preprocess((value) => (value === undefined ? undefined : [value].flat()), z.array(tag).max(50))
      .optional()
      .describe('key:value, repeatable; all must hold'),
    filter: filter.optional(),
    ...timeRange,
    interval: interval.optional().describe('Seconds between points; by default for about 200 points'),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe('Items (newest first) or series (largest first); 1000 items or 100 series by default'),
    format,
  })
  .superRefine((query, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (query.category === undefined && query.name === undefined) refuse('category', 'category or name must be given')
    if (query.category !== undefined && query.name !== undefined) refuse('name', 'not together with category')
    if (query.host !== undefined && query.category !== 'system') refuse('host', 'only with category=system')
    if (query.service !== undefined && query.category === 'system') refuse('service', 'not with category=system')
    for (const key of ['aggregation', 'groupBy', 'tags', 'filter'] as const) {
      if (query[key] !== undefined && query.name === undefined) refuse(key, 'only with name')
    }
    if (query.format === 'otlp' && query.name === undefined) refuse('format', 'otlp only with name')
  })
export type MetricsQuery = z.infer<typeof metricsQuery>

const bytes = z.number().nullable()
const percent = z.number().nullable().describe('0 to 100')

/** One host at one time. What the host does not send is null. */
export const systemItem = z.object({
  timestamp,
  host: z.string(),
  cpu: z.object({
    usage: percent,
    loadAverage: z.array(z.number()).describe('1, 5 and 15 minutes; empty when not sent'),
    cores: z.number().int().nullable(),
  }),
  memory: z.object({ total: bytes, used: bytes, free: bytes, percentage: percent }),
  disk: z.array(z.object({ mount: z.string(), total: bytes, used: bytes, available: bytes, percentage: percent })),
  network: z
    .object({ bytesReceived: bytes, bytesSent: bytes })
    .describe('Bytes since the item before, over all interfaces but loopback'),
  process: z.object({
    cpu: percent.describe('Of all cores; as the others here, of the process with most that reports from the host'),
    memory: bytes.describe('Resident'),
    uptime: z.number().nullable().describe('Seconds'),
    eventLoopDelay: z.number().nullable().describe('ms'),
  }),
})
export type SystemItem = z.infer<typeof systemItem>
export const systemAnswer = z.object({ ...page(systemItem).shape, intervalSeconds: z.number() })
export type SystemAnswer = z.infer<typeof systemAnswer>

const counts = z.record(z.string(), z.number())

/** All entry spans (server, consumer) of the service, or of every service, in one interval. Newest first. */
export const applicationItem = z.object({
  timestamp,
  requests: z.object({
    total: z.number(),
    rate: z.number().describe('Per second'),
    byEndpoint: counts,
    byMethod: counts,
    byStatus: counts.describe('HTTP status code -> count'),
  }),
  response: z
    .object({
      average: z.number().nullable(),
      median: z.number().nullable(),
      p95: z.number().nullable(),
      p99: z.number().nullable(),
    })
    .describe('ms'),
  errors: z.object({
    total: z.number(),
    rate: z.number().describe('0 to 1'),
    byType: counts.describe('error.type or exception.type -> count'),
  }),
  activeUsers: z.number().int().describe('Different values of user.id'),
  activeSessions: z.number().int().describe('Different values of session.id'),
})
export type ApplicationItem = z.infer<typeof applicationItem>
export const applicationAnswer = z.object({
  ...page(applicationItem).shape,
  intervalSeconds: z.number(),
  ...completeness,
})
export type ApplicationAnswer = z.infer<typeof applicationAnswer>

export const metricSeries = z.object({
  tags: z.record(z.string(), z.string()).describe('The groupBy keys and their values'),
  points: z.array(point).describe('Intervals in which nothing arrived are left out'),
})
export type MetricSeries = z.infer<typeof metricSeries>
export const metricAnswer = z.object({
  name: z.string(),
  type: z.enum(metricTypes).nullable().describe('null: no metric of this name has arrived'),
  unit: z.string().describe('As sent (UCUM); rate is per second of it'),
  aggregation: z.string(),
  intervalSeconds: z.number(),
  series: z.array(metricSeries),
  truncated: z.boolean().describe('There are more series than limit'),
})
export type MetricAnswer = z.infer<typeof metricAnswer>

export const metricsAnswer = z.union([metricAnswer, systemAnswer, applicationAnswer])

/** `GET /metrics/names`, by name: what there is to pick from. */
export const metricNamesQuery = z.strictObject({
  ...timeRange,
  search: z.string().min(1).max(1024).optional().describe('A part of the name, in any case'),
  service: serviceName.optional(),
  limit,
  cursor: cursor.optional(),
})
export const metricName = z.object({
  name: z.string(),
  type: z.enum(metricTypes),
  temporality: z.enum(['none', 'delta', 'cumulative']),
  monotonic: z.boolean(),
  unit: z.string(),
  description: z.string(),
  services: z.array(z.string()),
  seriesCount: z.number().int(),
})
export type MetricName = z.infer<typeof metricName>
export const metricNamesAnswer = page(metricName)
export type MetricNamesAnswer = z.infer<typeof metricNamesAnswer>

/** `GET /metrics/exemplars`: single measurements of a metric with the trace that each was made in, newest first. */
export const exemplarsQuery = z.strictObject({
  name: z.string().min(1).max(1024),
  service: serviceName.optional(),
  tags: z
    .preprocess((value) => (value === undefined ? undefined : [value].flat()), z.array(tag).max(50))
    .optional()
    .describe('key:value, repeatable; all must hold'),
  filter: filter.optional(),
  minValue: z.coerce.number().optional(),
  maxValue: z.coerce.number().optional(),
  ...timeRange,
  limit,
})
export const exemplar = z.object({
  timestamp,
  value: z.number(),
  service: z.string(),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  attributes: attributes.describe('Those that the metric itself leaves out'),
})
export const exemplarsAnswer = z.object({ items: z.array(exemplar) })
export type ExemplarsAnswer = z.infer<typeof exemplarsAnswer>
