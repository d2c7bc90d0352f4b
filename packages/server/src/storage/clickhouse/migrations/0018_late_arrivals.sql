-- What arrived after its time: rows by minute of their time, in the hour in which they were inserted. Most rows arrive within
-- seconds, so most inserts write nothing here. Whoever keeps an answer about a time that is over asks this table whether it
-- still holds, and the scheduler which windows of rollups to compute again (docs/decisions/0021). `signal`: spans, logs, metrics.
-- The later of two clocks decides, the engine's and that of the server that received it. Exemplars come with points.
CREATE TABLE late_arrivals (
  space LowCardinality(String),
  hour DateTime CODEC(Delta, ZSTD(1)),
  signal LowCardinality(String),
  minute DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  rows SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(hour)
ORDER BY (space, hour, signal, minute)
TTL hour + INTERVAL 2 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW late_spans_view TO late_arrivals AS
SELECT
  space,
  toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) AS hour,
  'spans' AS signal,
  toDateTime64(intDiv(toUnixTimestamp64Nano(spans.start), 60000000000) * 60, 0, 'UTC') AS minute,
  count() AS rows
FROM spans
WHERE toUnixTimestamp64Nano(spans.start) < (toInt64(toUnixTimestamp(greatest(now(), spans.received))) - 30) * 1000000000
GROUP BY space, minute;

CREATE MATERIALIZED VIEW late_logs_view TO late_arrivals AS
SELECT
  space,
  toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) AS hour,
  'logs' AS signal,
  toDateTime64(intDiv(toUnixTimestamp64Nano(logs.time), 60000000000) * 60, 0, 'UTC') AS minute,
  count() AS rows
FROM logs
WHERE toUnixTimestamp64Nano(logs.time) < (toInt64(toUnixTimestamp(greatest(now(), logs.received))) - 30) * 1000000000
GROUP BY space, minute;

CREATE MATERIALIZED VIEW late_metric_samples_view TO late_arrivals AS
SELECT
  space,
  toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) AS hour,
  'metrics' AS signal,
  toDateTime64(intDiv(toUnixTimestamp64Nano(metric_samples.time), 60000000000) * 60, 0, 'UTC') AS minute,
  count() AS rows
FROM metric_samples
WHERE toUnixTimestamp64Nano(metric_samples.time) < (toInt64(toUnixTimestamp(greatest(now(), metric_samples.received))) - 30) * 1000000000
GROUP BY space, minute;

CREATE MATERIALIZED VIEW late_metric_histograms_view TO late_arrivals AS
SELECT
  space,
  toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) AS hour,
  'metrics' AS signal,
  toDateTime64(intDiv(toUnixTimestamp64Nano(metric_histograms.time), 60000000000) * 60, 0, 'UTC') AS minute,
  count() AS rows
FROM metric_histograms
WHERE toUnixTimestamp64Nano(metric_histograms.time) < (toInt64(toUnixTimestamp(greatest(now(), metric_histograms.received))) - 30) * 1000000000
GROUP BY space, minute;

CREATE MATERIALIZED VIEW late_metric_exponential_histograms_view TO late_arrivals AS
SELECT
  space,
  toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) AS hour,
  'metrics' AS signal,
  toDateTime64(intDiv(toUnixTimestamp64Nano(metric_exponential_histograms.time), 60000000000) * 60, 0, 'UTC') AS minute,
  count() AS rows
FROM metric_exponential_histograms
WHERE toUnixTimestamp64Nano(metric_exponential_histograms.time) < (toInt64(toUnixTimestamp(greatest(now(), metric_exponential_histograms.received))) - 30) * 1000000000
GROUP BY space, minute;

CREATE MATERIALIZED VIEW late_metric_summaries_view TO late_arrivals AS
SELECT
  space,
  toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) AS hour,
  'metrics' AS signal,
  toDateTime64(intDiv(toUnixTimestamp64Nano(metric_summaries.time), 60000000000) * 60, 0, 'UTC') AS minute,
  count() AS rows
FROM metric_summaries
WHERE toUnixTimestamp64Nano(metric_summaries.time) < (toInt64(toUnixTimestamp(greatest(now(), metric_summaries.received))) - 30) * 1000000000
GROUP BY space, minute;
