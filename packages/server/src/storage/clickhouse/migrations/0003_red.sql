-- Rate, errors, duration per minute of the spans that cross a boundary (server 2, client 3, consumer 5).
-- `histogram` has 8 buckets per power of two of microseconds: bucket i holds 2^(i/8) <= d < 2^((i+1)/8).
-- All counts are weighted by `adjusted_count`, so they stay right when a client samples.
CREATE TABLE red_1m (
  space LowCardinality(String),
  kind UInt8,
  service LowCardinality(String),
  minute DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  name LowCardinality(String),
  http_method LowCardinality(String),
  http_route LowCardinality(String),
  day Date,
  count SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
  errors SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
  duration_us SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
  max_us SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  histogram SimpleAggregateFunction(sumMap, Map(UInt16, Float64)) CODEC(ZSTD(1)),
  codes SimpleAggregateFunction(sumMap, Map(UInt16, Float64)) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY day
ORDER BY (space, kind, service, minute, name, http_method, http_route)
TTL day + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW red_1m_view TO red_1m AS
SELECT
  space, kind, service,
  toDateTime64(intDiv(toUnixTimestamp64Nano(spans.start), 60000000000) * 60, 0, 'UTC') AS minute,
  name, http_method, http_route,
  toDate(spans.received) AS day,
  sum(toFloat64(spans.adjusted_count)) AS count,
  sumIf(toFloat64(spans.adjusted_count), spans.status = 2) AS errors,
  sum(toFloat64(spans.adjusted_count) * intDiv(greatest(spans.duration, 0), 1000)) AS duration_us,
  max(toUInt64(intDiv(greatest(spans.duration, 0), 1000))) AS max_us,
  sumMap(map(toUInt16(floor(log2(greatest(spans.duration, 1000) / 1000.) * 8)), toFloat64(spans.adjusted_count))) AS histogram,
  sumMap(map(spans.http_status, toFloat64(spans.adjusted_count))) AS codes
FROM spans
WHERE kind IN (2, 3, 5)
GROUP BY space, kind, service, minute, name, http_method, http_route, day;

CREATE TABLE red_service_1m (
  space LowCardinality(String),
  kind UInt8,
  service LowCardinality(String),
  minute DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  day Date,
  count SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
  errors SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
  duration_us SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
  max_us SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  histogram SimpleAggregateFunction(sumMap, Map(UInt16, Float64)) CODEC(ZSTD(1)),
  codes SimpleAggregateFunction(sumMap, Map(UInt16, Float64)) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY day
ORDER BY (space, kind, service, minute)
TTL day + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW red_service_1m_view TO red_service_1m AS
SELECT
  space, kind, service, minute, day,
  sum(red_1m.count) AS count,
  sum(red_1m.errors) AS errors,
  sum(red_1m.duration_us) AS duration_us,
  max(red_1m.max_us) AS max_us,
  sumMap(red_1m.histogram) AS histogram,
  sumMap(red_1m.codes) AS codes
FROM red_1m
GROUP BY space, kind, service, minute, day;
