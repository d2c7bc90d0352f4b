-- RED of services by ten minutes, and active users and sessions of all services together by hour: what a day is read from
-- where there are many services. Computed by windows, see 0010; their sources are `red_service_1m` and `activity_1m`.
CREATE TABLE red_service_10m (
  space LowCardinality(String),
  kind UInt8,
  service LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  count Float64 CODEC(ZSTD(1)),
  errors Float64 CODEC(ZSTD(1)),
  duration_us Float64 CODEC(ZSTD(1)),
  max_us UInt64 CODEC(ZSTD(1)),
  histogram Map(UInt16, Float64) CODEC(ZSTD(1)),
  codes Map(UInt16, Float64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(window_start)
ORDER BY (space, kind, service, window_start, run)
TTL toDate(window_start) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE activity_1h (
  space LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  users AggregateFunction(uniq, String) CODEC(ZSTD(1)),
  sessions AggregateFunction(uniq, String) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (space, window_start, run)
TTL toDate(window_start) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1;
