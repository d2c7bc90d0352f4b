-- The service map by hour, for ranges of hours and more: a day by minutes is half a million rows where there are fifty
-- services. Computed from `edges_1m` by windows, see 0010.
CREATE TABLE edges_1h (
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
PARTITION BY toYYYYMM(window_start)
ORDER BY (space, window_start, run)
TTL toDate(window_start) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

-- A trace's spans lie in many granules, one here and one there. With blocks of a megabyte each of them cost the reading of
-- eight; two are enough to have most of what the larger block saved (docs/decisions/0014).
ALTER TABLE spans MODIFY COLUMN trace_id MODIFY SETTING min_compress_block_size = 262144, max_compress_block_size = 262144;

ALTER TABLE spans MODIFY COLUMN parent_id MODIFY SETTING min_compress_block_size = 262144, max_compress_block_size = 262144;
