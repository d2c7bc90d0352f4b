import { maxAttributesByDefault } from '@burstlet/otlp/attribute-limits'
import { maxSeriesByDefault } from '@burstlet/otlp/series-limits'
import { z } from 'zod'

/** One setting: an environment variable, which is a flag too (`MONITORING_API_PORT` is `--api-port`). */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema
  readonly description: string
  /** Never printed. */
  readonly secret?: true
}

const port = (value: number) => z.coerce.number().int().min(0).max(65_535).default(value)
const days = (value: number) => z.coerce.number().int().min(1).max(3650).default(value)
const most = (value: number, highest: number, lowest = 1) =>
  z.coerce.number().int().min(lowest).max(highest).default(value)
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
const key = z.string().min(32, 'must have at least 32 characters')

const setting = <Schema extends z.ZodType>(schema: Schema, description: string): Setting<Schema> => ({
  schema,
  description,
})
const secret = <Schema extends z.ZodType>(schema: Schema, description: string): Setting<Schema> => ({
  schema,
  description,
  secret: true,
})

/** Everything that can be configured; `--help` prints this table. */
export const settings = {
  MONITORING_HOST: setting(
    z.string().min(1).default('127.0.0.1'),
    'address to listen on; beyond loopback an ingest key is needed',
  ),
  MONITORING_API_PORT: setting(port(3300), 'port of the REST API and the page (0: any free one)'),
  MONITORING_OTLP_HTTP_PORT: setting(port(4318), 'port of OTLP/HTTP (0: any free one)'),
  MONITORING_OTLP_GRPC_PORT: setting(port(4317), 'port of OTLP/gRPC (0: any free one)'),
  MONITORING_OTLP_MAX_BODY_BYTES: setting(
    z.coerce
      .number()
      .int()
      .min(1024)
      .max(1_073_741_824)
      .default(64 * 1024 * 1024),
    'largest OTLP request, before and after decompression',
  ),
  MONITORING_OTLP_CORS_ORIGINS: setting(
    z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((origin) => origin.trim() || []))
      .pipe(z.array(z.union([z.literal('*'), httpUrl.transform((url) => new URL(url).origin)]))),
    'origins of web pages that may send OTLP, separated by commas',
  ),
  MONITORING_DATA_DIR: setting(
    z.string().min(1).default('.data'),
    'folder of the embedded engine and database, made when missing',
  ),
  MONITORING_SPOOL_MAX_BYTES: setting(
    z.coerce.number().int().min(1_048_576).default(10_737_418_240),
    'most bytes that wait on disk for ClickHouse; beyond, clients are told to send again later',
  ),
  MONITORING_DISK_MIN_FREE_BYTES: setting(
    z.coerce.number().int().min(0).default(1_073_741_824),
    'bytes of the data folder’s disk that are kept free, or fewer by the next line; beyond, clients are told to send again later',
  ),
  MONITORING_DISK_MIN_FREE_PERCENT: setting(
    z.coerce.number().min(0).max(50).default(5),
    'percent of the disk that are kept free at most; at half of what is kept free the embedded engine inserts and merges nothing',
  ),
  MONITORING_INSERT_INTERVAL_MS: setting(
    z.coerce.number().int().min(10).max(60_000).default(1000),
    'milliseconds between two inserts into a table; what arrives is visible that much later at most',
  ),
  MONITORING_INGEST_THREADS: setting(
    z.coerce.number().int().min(1).max(64).optional(),
    'threads that decode what arrives (unset: half of the processors, four at most)',
  ),
  MONITORING_MAX_ATTRIBUTES: setting(
    most(maxAttributesByDefault.perRecord, 100_000),
    'most attributes of a span, log record, data point, scope or resource; those with more are rejected',
  ),
  MONITORING_MAX_ATTRIBUTE_VALUE_BYTES: setting(
    // Values whose length is one byte on the wire are not looked at: nearly all are, and it is the hot path.
    most(maxAttributesByDefault.valueBytes, 64 * 1024 * 1024, 128),
    'largest attribute value or log body; items with a larger one are rejected',
  ),
  MONITORING_MAX_ATTRIBUTE_KEYS: setting(
    most(maxAttributesByDefault.keys, 1_000_000),
    'most different attribute keys of traces, of logs and of metrics; items with one more are rejected',
  ),
  MONITORING_MAX_SERIES_PER_METRIC: setting(
    most(maxSeriesByDefault.perMetric, 100_000_000),
    'most series of a metric of a service in a day; points of further ones are rejected',
  ),
  MONITORING_MAX_SERIES_PER_SERVICE: setting(
    most(maxSeriesByDefault.perService, 100_000_000),
    'most series of a service in a day; points of further ones are rejected',
  ),
  MONITORING_CLICKHOUSE_URL: secret(
    httpUrl.optional(),
    'ClickHouse to use instead of the embedded engine: http://user:password@host:8123/database',
  ),
  MONITORING_CLICKHOUSE_READER_URL: secret(
    httpUrl.optional(),
    'the same ClickHouse as a user that may only read: http://reader:password@host:8123/database',
  ),
  MONITORING_CLICKHOUSE_SQL_URL: secret(
    httpUrl.optional(),
    'the same ClickHouse as the user that SQL of people runs as; that of the reader when unset',
  ),
  MONITORING_DATABASE_URL: secret(
    z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
    'PostgreSQL to use instead of the embedded SQLite: postgres://user:password@host/database',
  ),
  MONITORING_BOOTSTRAP_API_KEY: secret(key.optional(), 'admin key of the REST API for unattended set-ups'),
  MONITORING_INGEST_KEY: secret(key.optional(), 'key that OTLP clients must send as `Authorization: Bearer KEY`'),
  MONITORING_SECRET_KEY: secret(key.optional(), 'signs cookies; without it one is made and kept in the data folder'),
  MONITORING_PUBLIC_URL: setting(
    httpUrl.optional(),
    'address under which people reach the page, if it is not loopback',
  ),
  MONITORING_PAGE_TELEMETRY: setting(
    z.stringbool().default(false),
    'whether the page sends telemetry of its own: loads, requests, web vitals and errors of those who are signed in',
  ),
  MONITORING_RETENTION_TRACES_DAYS: setting(days(7), 'days that spans are kept'),
  MONITORING_RETENTION_LOGS_DAYS: setting(days(7), 'days that logs are kept'),
  MONITORING_RETENTION_METRICS_DAYS: setting(days(30), 'days that metrics are kept'),
  MONITORING_SOURCE_MAPS_MAX_BYTES: setting(
    z.coerce.number().int().min(1_048_576).default(2_147_483_648),
    'most bytes of source maps that are kept, compressed; beyond, those uploaded longest ago go',
  ),
  MONITORING_CLICKHOUSE_MAX_MEMORY_BYTES: setting(
    z.coerce.number().int().min(268_435_456).default(2_000_000_000),
    'most memory that the embedded engine may use',
  ),
  MONITORING_QUERY_MAX_SECONDS: setting(
    z.coerce.number().int().min(1).max(60).default(10),
    'longest that one question may take of the engine',
  ),
  MONITORING_QUERY_MAX_MEMORY_BYTES: setting(
    z.coerce.number().int().min(67_108_864).default(1_000_000_000),
    'most memory of the engine that one question may use',
  ),
  MONITORING_QUERY_HEAVY_AT_ONCE: setting(
    z.coerce.number().int().min(1).max(64).default(2),
    'questions that may read millions of rows at the same time; others wait for their turn',
  ),
  MONITORING_LOG_LEVEL: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'least severe of the server’s own log lines that are printed',
  ),
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings

/** Every setting by its name, validated. */
export type Config = { readonly [Name in SettingName]: z.infer<(typeof settings)[Name]['schema']> }
