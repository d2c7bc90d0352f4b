-- RED by hour, for ranges of weeks and what is older than the minutes. Computed from `red_1m` and `red_service_1m` by
-- windows, see 0010: a window that is computed again replaces the one before.
CREATE TABLE red_1h (
  space LowCardinality(String),
  kind UInt8,
  service LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  name LowCardinality(String),
  http_method LowCardinality(String),
  http_route LowCardinality(String),
  count Float64 CODEC(ZSTD(1)),
  errors Float64 CODEC(ZSTD(1)),
  duration_us Float64 CODEC(ZSTD(1)),
  max_us UInt64 CODEC(ZSTD(1)),
  histogram Map(UInt16, Float64) CODEC(ZSTD(1)),
  codes Map(UInt16, Float64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (space, kind, service, window_start, run)
TTL toDate(window_start) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE red_service_1h (
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
PARTITION BY toYYYYMM(window_start)
ORDER BY (space, kind, service, window_start, run)
TTL toDate(window_start) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

-- Who was there, per minute and service: states over user.id and session.id of entry spans. Computed by windows.
CREATE TABLE activity_1m (
  space LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  service LowCardinality(String),
  users AggregateFunction(uniq, String) CODEC(ZSTD(1)),
  sessions AggregateFunction(uniq, String) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(window_start)
ORDER BY (space, window_start, run)
TTL toDate(window_start) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1;

-- From when on a view has counted: what was stored before it was made is not in its table. 0 where nothing was.
-- Applied again after a crash it adds a later time, and the latest holds.
CREATE TABLE counted_since (
  rollup LowCardinality(String),
  since DateTime
)
ENGINE = MergeTree
ORDER BY rollup;

INSERT INTO counted_since
SELECT 'log_levels_1m', if((SELECT count() FROM logs) = 0, toDateTime(0), toStartOfMinute(now()) + INTERVAL 1 MINUTE);

-- Log records per minute of their time. `level`: place of the level in the contract's list, 0 unset to 6 fatal.
CREATE TABLE log_levels_1m (
  space LowCardinality(String),
  service LowCardinality(String),
  minute DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  level UInt8,
  day Date,
  records SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY day
ORDER BY (space, service, minute, level)
TTL day + INTERVAL 8 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW log_levels_1m_view TO log_levels_1m AS
SELECT
  space, service,
  toDateTime64(intDiv(toUnixTimestamp64Nano(logs.time), 60000000000) * 60, 0, 'UTC') AS minute,
  toUInt8(least(intDiv(logs.severity + 3, 4), 6)) AS level,
  toDate(logs.received) AS day,
  count() AS records
FROM logs
GROUP BY space, service, minute, level, day;
