-- How many spans arrived for each minute of their start. The scheduler compares it with what a window of a rollup had
-- seen when it was computed, and so knows which windows late spans have made out of date.
CREATE TABLE span_arrivals (
  space LowCardinality(String),
  minute DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  day Date,
  spans SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY day
ORDER BY (space, minute)
TTL day + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW span_arrivals_view TO span_arrivals AS
SELECT
  space,
  toDateTime64(intDiv(toUnixTimestamp64Nano(spans.start), 60000000000) * 60, 0, 'UTC') AS minute,
  toDate(spans.received) AS day,
  count() AS spans
FROM spans
GROUP BY space, minute, day;

-- Which computation of a window counts. The rows of a computation stand in the rollup's own table under its `run`, and
-- nobody reads them before their line is here; a window that is computed again gets a higher run. `seen` is the number
-- of spans in [sources_from, sources_to) at that time, in seconds since 1970.
CREATE TABLE rollup_windows (
  space LowCardinality(String),
  rollup LowCardinality(String),
  window_start DateTime64(0, 'UTC'),
  run UInt64,
  seen UInt64,
  sources_from Int64,
  sources_to Int64,
  computed DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(run)
PARTITION BY toYYYYMM(window_start)
ORDER BY (space, rollup, window_start)
TTL toDate(window_start) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

-- The service map: requests from one node to another per minute. Kinds: service, database, queue, external.
CREATE TABLE edges_1m (
  space LowCardinality(String),
  window_start DateTime64(0, 'UTC') CODEC(Delta(8), ZSTD(1)),
  run UInt64 CODEC(Delta(8), ZSTD(1)),
  source LowCardinality(String),
  source_kind LowCardinality(String),
  target LowCardinality(String),
  target_kind LowCardinality(String),
  count Float64 CODEC(ZSTD(1)),
  errors Float64 CODEC(ZSTD(1)),
  duration_us Float64 CODEC(ZSTD(1)),
  max_us UInt64 CODEC(ZSTD(1)),
  histogram Map(UInt16, Float64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(window_start)
ORDER BY (space, window_start, run)
TTL toDate(window_start) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1;
