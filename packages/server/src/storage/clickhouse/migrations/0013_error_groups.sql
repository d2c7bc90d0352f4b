-- Errors by hour, computed by windows (see 0010): the failed spans of a group, and log records with an exception. Which group
-- records are of is found out from one of them: those of one `shape` are of one group. `version`: service.version.
CREATE TABLE span_errors_1h (
  space LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  service LowCardinality(String),
  error_group UInt64,
  count Float64 CODEC(ZSTD(1)),
  first DateTime64(9, 'UTC') CODEC(ZSTD(1)),
  last DateTime64(9, 'UTC') CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(window_start)
ORDER BY (space, window_start, run, service)
TTL toDate(window_start) + INTERVAL 8 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE log_errors_1h (
  space LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  service LowCardinality(String),
  version LowCardinality(String),
  type LowCardinality(String),
  shape UInt64,
  records UInt64 CODEC(ZSTD(1)),
  first DateTime64(9, 'UTC') CODEC(ZSTD(1)),
  last DateTime64(9, 'UTC') CODEC(ZSTD(1)),
  message String CODEC(ZSTD(3)),
  stack String CODEC(ZSTD(3)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(window_start)
ORDER BY (space, window_start, run, service)
TTL toDate(window_start) + INTERVAL 8 DAY
SETTINGS ttl_only_drop_parts = 1;
