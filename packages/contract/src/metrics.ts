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
import { problemError } from './errors.ts'
import { timeRange } from './time.ts'

export const metricTypes = ['gauge', 'sum', 'histogram', 'exponential_histogram', 'summary'] as const
export type MetricType = (typeof metricTypes)[number]

/** What a metric is, as its instrument is called; histograms of both types are one kind. */
export const metricKinds = ['counter', 'histogram', 'gauge', 'up_down_counter', 'summary'] as const
export type MetricKindName = (typeof metricKinds)[number]
/** `sum` is either of counter and up_down_counter. */
export const metricKindChoice = z.enum([...metricKinds, 'sum', 'exponential_histogram'])
export type MetricKindChoice = z.infer<typeof metricKindChoice>

/** One of the things that a name is. Series of it can be put together. */
export const metricKindFound = z.object({
  kind: z.enum(metricKinds),
  types: z.array(z.enum(metricTypes)),
  units: z.array(z.string()).describe('As sent (UCUM); they can be converted to each other'),
  temporalities: z.array(z.enum(['none', 'delta', 'cumulative'])),
  seriesCount: z.number().int(),
  chosen: z.boolean().describe('Whether this is what the answer is about'),
})
export type MetricKindFound = z.infer<typeof metricKindFound>

const choice = {
  kind: metricKindChoice
    .optional()
    .describe('Which, when the name is several: by default that with most series in the range'),
  unit: z
    .string()
    .max(63)
    .optional()
    .describe(
      'What values are converted to (ms, s, By, MiBy, %, …); which, when the units of the name cannot be converted',
    ),
}

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
    ...choice,
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
    for (const key of ['aggregation', 'groupBy', 'tags', 'filter', 'kind', 'unit'] as const) {
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
export const systemResponse = z.object({ ...page(systemItem).shape, intervalSeconds: z.number() })
export type SystemResponse = z.infer<typeof systemResponse>

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
export const applicationResponse = z.object({
  ...page(applicationItem).shape,
  intervalSeconds: z.number(),
  ...completeness,
})
export type ApplicationResponse = z.infer<typeof applicationResponse>

export const metricSeries = z.object({
  tags: z.record(z.string(), z.string()).describe('The groupBy keys and their values'),
  points: z.array(point).describe('Intervals in which nothing arrived are left out'),
})
export type MetricSeries = z.infer<typeof metricSeries>
export const metricResponse = z.object({
  name: z.string(),
  type: z.enum(metricTypes).nullable().describe('null: no metric of this name has arrived'),
  kind: z.enum(metricKinds).nullable(),
  unit: z.string().describe('Of the values (UCUM); rate is per second of it'),
  kinds: z.array(metricKindFound).describe('All that the name is, in the range when it is several'),
  warnings: z.array(problemError).describe('What of the name is left out, and what was converted'),
  aggregation: z.string(),
  intervalSeconds: z.number(),
  series: z.array(metricSeries),
  truncated: z.boolean().describe('There are more series than limit'),
  completeUntil: z
    .number()
    .nullable()
    .describe(
      'Epoch ms; of rates and increases: buckets that end later may still change, since the next point of a series is due. null: none is',
    ),
})
export type MetricResponse = z.infer<typeof metricResponse>

export const metricsResponse = z.union([metricResponse, systemResponse, applicationResponse])

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
  kind: z.enum(metricKinds),
  temporality: z.enum(['none', 'delta', 'cumulative']),
  monotonic: z.boolean(),
  unit: z.string(),
  description: z.string(),
  services: z.array(z.string()),
  seriesCount: z.number().int(),
})
export type MetricName = z.infer<typeof metricName>
export const metricNamesResponse = page(metricName)
export type MetricNamesResponse = z.infer<typeof metricNamesResponse>

/** `GET /metrics/exemplars`: single measurements of a metric with the trace that each was made in, newest first. */
export const exemplarsQuery = z.strictObject({
  name: z.string().min(1).max(1024),
  service: serviceName.optional(),
  tags: z
    .preprocess((value) => (value === undefined ? undefined : [value].flat()), z.array(tag).max(50))
    .optional()
    .describe('key:value, repeatable; all must hold'),
  filter: filter.optional(),
  ...choice,
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
export const exemplarsResponse = z.object({
  items: z.array(exemplar),
  unit: z.string().describe('Of the values (UCUM)'),
})
export type ExemplarsResponse = z.infer<typeof exemplarsResponse>
