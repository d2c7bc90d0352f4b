import { z } from 'zod'
import { cursor, point } from './common.ts'
import { problemError } from './errors.ts'
import { metricKindChoice, metricKindFound } from './metrics.ts'
import { timeInput } from './time.ts'

export const querySignals = ['spans', 'logs', 'metrics'] as const
export const queryKinds = ['time_series', 'scalar', 'table', 'distribution', 'raw'] as const
export type QuerySignal = (typeof querySignals)[number]
export type QueryKind = (typeof queryKinds)[number]

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and _, such as a')
const field = z.string().min(1).max(1024)
const aggregate = z.string().min(1).max(1100)

export const queryCompare = z
  .string()
  .regex(/^(?:previous|[1-9]\d{0,4}(?:s|m|h|d|w))$/, 'must be previous, or how long before, such as 1d')
  .describe('The same question a while earlier: 1d, 1w, or previous (as long as the range is)')

/** One question of a `POST /query`. */
export const query = z.strictObject({
  signal: z.enum(querySignals),
  kind: z.enum(queryKinds).optional().describe('That of the body, or time_series, when not given'),
  filter: z.string().max(10_000).optional().describe('The filter language; everything when not given'),
  metric: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Of metrics: the name; avg(NAME) and a filter with name = NAME say it too'),
  metricKind: metricKindChoice
    .optional()
    .describe('Of metrics: which, when the name is several; by default that with most series in the range'),
  unit: z
    .string()
    .max(63)
    .optional()
    .describe('Of metrics: what values are converted to; which, when the units of the name cannot be converted'),
  aggregate: z
    .union([aggregate, z.array(aggregate).min(1).max(10)])
    .optional()
    .describe(
      'count, rate, error_rate, sum(FIELD), avg(FIELD), min(FIELD), max(FIELD), uniq(FIELD), p50(FIELD) … p99.9(FIELD); of metrics also last and increase. Only a table takes several. By default count; of a metric what suits it',
    ),
  field: field.optional().describe('Of a distribution: duration, or a number attribute'),
  groupBy: z
    .array(field)
    .max(10)
    .default([])
    .describe(
      'Fields and attributes; resource.KEY for those of the sender. event.KEY and link.KEY count a span in the group of each of its events or links',
    ),
  limit: z.int().min(1).max(1000).optional().describe('Groups (100 when not given), or rows of raw (50)'),
  orderBy: z
    .string()
    .max(1100)
    .optional()
    .describe(
      'value, or a key of groupBy; with asc or desc. By default value desc: which groups are kept, and their order',
    ),
  other: z.boolean().default(true).describe('Whether what is beyond limit is put together as one more series'),
  fields: z.array(field).min(1).max(50).optional().describe('Of raw: the columns'),
  cursor: cursor.optional().describe('Of raw: nextCursor of the answer before'),
  compare: queryCompare.optional(),
})
export type Query = z.infer<typeof query>

/** `POST /query`, and `POST /query/explain` */
export const queryBody = z.strictObject({
  from: timeInput.default('now-1h').describe('Start of the range, included'),
  to: timeInput.default('now').describe('End of the range, not included'),
  step: z.int().min(1).max(2_678_400).optional().describe('Seconds between points; by default for about 200 points'),
  kind: z.enum(queryKinds).optional().describe('Of every query that does not say its own'),
  queries: z
    .record(name, query)
    .refine((queries) => Object.keys(queries).length > 0, 'needs at least one query')
    .meta({ minProperties: 1 })
    .refine((queries) => Object.keys(queries).length <= 20, 'has more than 20 queries'),
  formulas: z
    .record(name, z.string().min(1).max(1000))
    .refine((formulas) => Object.keys(formulas).length <= 20, 'has more than 20 formulas')
    .default({})
    .describe(
      'Arithmetic over queries by their names: a / b * 100; + - * / abs ceil floor round sqrt min max coalesce',
    ),
  compare: queryCompare.optional().describe('For every query that does not say its own'),
})
export type QueryBody = z.infer<typeof queryBody>

export const queryColumn = z.object({
  name: z.string(),
  type: z.enum(['time', 'string', 'number', 'object', 'any']),
  role: z.enum(['time', 'label', 'value']),
  unit: z.string().optional().describe('ms; 1/s; 1 (a share, 0 to 1); of a metric as it was sent (UCUM)'),
  approximate: z
    .literal(true)
    .optional()
    .describe('A percentile within 4.4 % from a rollup, or an estimate (uniq, percentiles) over very many rows'),
})
export type QueryColumn = z.infer<typeof queryColumn>

export const querySeries = z.object({
  labels: z.record(z.string(), z.string()).describe('The keys of groupBy; the empty string where there is none'),
  other: z.literal(true).optional().describe('All groups beyond limit together; every label says other'),
  low: z
    .number()
    .optional()
    .describe('Of a distribution: values above this (the edge itself included, but for metrics)'),
  high: z.number().optional().describe('Of a distribution: … up to this one'),
  value: z.number().nullable().optional().describe('Of a scalar: the value; also in its only point'),
  points: z
    .array(point)
    .describe('[epoch ms of the start of the bucket, value]; a scalar has one, at the start of the range'),
})
export type QuerySeries = z.infer<typeof querySeries>

const rows = z.array(z.array(z.unknown())).describe('Of a table and of raw: values in the order of the columns')

export const queryResult = z.object({
  kind: z.enum(queryKinds),
  columns: z.array(queryColumn),
  series: z.array(querySeries).optional().describe('Of time_series, scalar and distribution; in the order asked for'),
  rows: rows.optional(),
  truncated: z.boolean().describe('There are more groups than limit'),
  completeUntil: z
    .number()
    .optional()
    .describe(
      'Epoch ms; of rates and increases of metrics: buckets that end later may still change, since the next point of a series is due',
    ),
  nextCursor: z.string().nullable().optional(),
  metricKinds: z.array(metricKindFound).optional().describe('Of metrics: all that the name is'),
  compare: z
    .object({
      from: z.string(),
      to: z.string(),
      offsetSeconds: z.number().describe('How much earlier; whole steps'),
      series: z.array(querySeries).optional().describe('With the times of the range itself, to be laid over it'),
      rows: rows.optional(),
    })
    .optional(),
})
export type QueryResult = z.infer<typeof queryResult>

export const queryMeta = z.object({
  rowsRead: z.number(),
  bytesRead: z.number(),
  durationMs: z.number(),
  source: z.string().describe('Tables that answered, such as red_service_1m, or spans'),
  sources: z.record(z.string(), z.string()).describe('The same for each query'),
  cached: z.boolean().describe('Whether a part, all of it of closed times, was known from before'),
  from: z.string(),
  to: z.string(),
  stepSeconds: z.number(),
  warnings: z
    .array(problemError)
    .describe(
      'Of queries that found nothing: fields that may be misspelt, with their column and what may have been meant. Of metrics: what of a name is left out, and what was converted',
    ),
})
export type QueryMeta = z.infer<typeof queryMeta>

export const queryResponse = z.object({ results: z.record(z.string(), queryResult), meta: queryMeta })
export type QueryResponse = z.infer<typeof queryResponse>

/** What one statement read, index by index. */
export const readPlan = z.object({
  table: z.string(),
  parts: z.number().nullable().describe('Read; null when the engine does not say'),
  partsTotal: z.number().nullable(),
  granules: z.number().nullable().describe('Of 8192 rows'),
  granulesTotal: z.number().nullable(),
  indexes: z.array(
    z.object({
      type: z.string(),
      name: z.string().optional(),
      condition: z.string().optional(),
      parts: z.number().nullable(),
      granules: z.number().nullable(),
    }),
  ),
})
export type ReadPlan = z.infer<typeof readPlan>

export const explainResponse = z.object({
  queries: z.record(
    z.string(),
    z.array(
      z.object({
        sql: z.string(),
        parameters: z.record(z.string(), z.unknown()),
        rowsRead: z.number(),
        bytesRead: z.number(),
        durationMs: z.number(),
        reads: z.array(readPlan),
      }),
    ),
  ),
  meta: queryMeta,
})
export type ExplainResponse = z.infer<typeof explainResponse>
