-- One row a span. `duration` is signed, so that an end before the start comes back as it was sent; every reader
-- counts a negative one as 0. `url_full`, `user_id` and `session_id` are moved out of `attr_s` (near-unique values
-- compress better alone); NULL means that the span has no such string attribute.
CREATE TABLE spans (
  space LowCardinality(String) CODEC(ZSTD(1)),
  received DateTime CODEC(Delta, ZSTD(1)),
  service LowCardinality(String) CODEC(ZSTD(1)),
  start DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  duration Int64 CODEC(GCD, T64('bit'), ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(NONE),
  parent_id FixedString(8) CODEC(ZSTD(1)),
  trace_state String CODEC(ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  kind UInt8 CODEC(ZSTD(1)),
  status UInt8 CODEC(ZSTD(1)),
  status_message String CODEC(ZSTD(1)),
  adjusted_count Float32 DEFAULT 1 CODEC(ZSTD(1)),
  error_group UInt64 CODEC(ZSTD(1)),
  res_hash UInt64 CODEC(ZSTD(1)),
  scope_hash UInt64 CODEC(ZSTD(1)),
  http_method LowCardinality(String) CODEC(ZSTD(1)),
  http_route LowCardinality(String) CODEC(ZSTD(1)),
  http_status UInt16 CODEC(ZSTD(1)),
  db_system LowCardinality(String) CODEC(ZSTD(1)),
  url_full Nullable(String) CODEC(ZSTD(1)),
  user_id Nullable(String) CODEC(ZSTD(1)),
  session_id Nullable(String) CODEC(ZSTD(1)),
  attr_s Map(LowCardinality(String), String) CODEC(ZSTD(3)),
  attr_i Map(LowCardinality(String), Int64) CODEC(ZSTD(1)),
  attr_f Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  attr_b Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
  attr_x Map(LowCardinality(String), String) CODEC(ZSTD(3)),
  dropped_attributes UInt32 CODEC(ZSTD(1)),
  dropped_events UInt32 CODEC(ZSTD(1)),
  dropped_links UInt32 CODEC(ZSTD(1)),
  `events.time` Array(DateTime64(9, 'UTC')) CODEC(Delta(8), ZSTD(1)),
  `events.name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
  `events.attributes` Array(String) CODEC(ZSTD(3)),
  `events.dropped_attributes` Array(UInt32) CODEC(ZSTD(1)),
  `links.trace_id` Array(FixedString(16)) CODEC(ZSTD(1)),
  `links.span_id` Array(FixedString(8)) CODEC(ZSTD(1)),
  `links.trace_state` Array(String) CODEC(ZSTD(1)),
  `links.flags` Array(UInt32) CODEC(ZSTD(1)),
  `links.attributes` Array(String) CODEC(ZSTD(3)),
  `links.dropped_attributes` Array(UInt32) CODEC(ZSTD(1)),
  INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX attr_s_keys mapKeys(attr_s) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX attr_s_values mapValues(attr_s) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX start_minmax start TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, service, start)
TTL received + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

-- Trace id -> time range, so that a trace by id reads a few granules. Keyed by the last 8 bytes of the id: half the
-- bytes, and a collision only widens the range. Seconds since 1970 as Int64, since DateTime ends in 2106.
CREATE TABLE trace_index (
  space LowCardinality(String),
  day Date,
  trace_key UInt64 CODEC(NONE),
  start SimpleAggregateFunction(min, Int64) CODEC(ZSTD(1)),
  end SimpleAggregateFunction(max, Int64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY day
ORDER BY (space, trace_key)
TTL day + INTERVAL 8 DAY
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW trace_index_view TO trace_index AS
SELECT
  space,
  toDate(spans.received) AS day,
  reinterpretAsUInt64(substring(trace_id, 9, 8)) AS trace_key,
  min(intDiv(toUnixTimestamp64Nano(spans.start), 1000000000)) AS start,
  max(intDiv(toUnixTimestamp64Nano(spans.start) + greatest(spans.duration, 0), 1000000000)) AS end
FROM spans
GROUP BY space, day, trace_key;
