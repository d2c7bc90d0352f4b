import { maxAttributesByDefault } from '@burstlet/otlp/attribute-limits'
import { maxSeriesByDefault } from '@burstlet/otlp/series-limits'
import { z } from 'zod'
import { bytes, count, httpUrl, type SettingGroup, setting } from './setting.ts'

/** The way of telemetry into ClickHouse, and what it may bring. */
export const ingest = {
  title: 'Ingest',
  settings: {
    maxBodyBytes: setting(
      'MONITORING_OTLP_MAX_BODY_BYTES',
      count(64 * 1024 * 1024, 1_073_741_824, 1024),
      'largest OTLP request, before and after decompression',
    ),
    corsOrigins: setting(
      'MONITORING_OTLP_CORS_ORIGINS',
      z
        .string()
        .default('')
        .transform((text) => text.split(',').flatMap((origin) => origin.trim() || []))
        .pipe(z.array(z.union([z.literal('*'), httpUrl.transform((url) => new URL(url).origin)]))),
      'origins of web pages that may send OTLP, separated by commas',
    ),
    spoolMaxBytes: setting(
      'MONITORING_SPOOL_MAX_BYTES',
      bytes(10_737_418_240, 1_048_576),
      'most bytes that wait on disk for ClickHouse; beyond, clients are told to send again later',
    ),
    insertIntervalMs: setting(
      'MONITORING_INSERT_INTERVAL_MS',
      count(1000, 60_000, 10),
      'milliseconds between two inserts into a table; what arrives is visible that much later at most',
    ),
    threads: setting(
      'MONITORING_INGEST_THREADS',
      z.coerce.number().int().min(1).max(64).optional(),
      'threads that decode what arrives (unset: half of the processors, four at most)',
    ),
    maxAttributes: setting(
      'MONITORING_MAX_ATTRIBUTES',
      count(maxAttributesByDefault.perRecord, 100_000),
      'most attributes of a span, log record, data point, scope or resource; those with more are rejected',
    ),
    maxAttributeValueBytes: setting(
      'MONITORING_MAX_ATTRIBUTE_VALUE_BYTES',
      // Values whose length is one byte on the wire are not looked at: nearly all are, and it is the hot path.
      count(maxAttributesByDefault.valueBytes, 64 * 1024 * 1024, 128),
      'largest attribute value or log body; items with a larger one are rejected',
    ),
    maxAttributeKeys: setting(
      'MONITORING_MAX_ATTRIBUTE_KEYS',
      count(maxAttributesByDefault.keys, 1_000_000),
      'most different attribute keys of traces, of logs and of metrics; items with one more are rejected',
    ),
    maxSeriesPerMetric: setting(
      'MONITORING_MAX_SERIES_PER_METRIC',
      count(maxSeriesByDefault.perMetric, 100_000_000),
      'most series of a metric of a service in a day; points of further ones are rejected',
    ),
    maxSeriesPerService: setting(
      'MONITORING_MAX_SERIES_PER_SERVICE',
      count(maxSeriesByDefault.perService, 100_000_000),
      'most series of a service in a day; points of further ones are rejected',
    ),
  },
} as const satisfies SettingGroup
