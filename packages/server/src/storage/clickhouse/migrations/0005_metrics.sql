-- What a series is, apart from its points; sent again for each day, as resources are. `fingerprint` covers every
-- column below except `received`, so that a changed description makes a new row instead of overwriting the old one.
-- `type`: 1 gauge, 2 sum, 3 histogram, 4 exponential histogram, 5 summary. `temporality`: 0 none, 1 delta, 2 cumulative.
CREATE TABLE metric_series (
  space LowCardinality(String),
  received DateTime,
  name LowCardinality(String),
  fingerprint UInt64,
  type UInt8,
  temporality UInt8,
  monotonic Bool,
  unit LowCardinality(String),
  description String,
  metadata String,
  bounds Array(Float64),
  service LowCardinality(String),
  res_hash UInt64,
  scope_hash UInt64,
  attr_s Map(LowCardinality(String), String),
  attr_i Map(LowCardinality(String), Int64),
  attr_f Map(LowCardinality(String), Float64),
  attr_b Map(LowCardinality(String), Bool),
  attr_x Map(LowCardinality(String), String)
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(received)
ORDER BY (space, name, fingerprint)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

-- Points of gauges and sums. `value_type`: 0 no value (a gap), 1 double, 2 int; read `value` when either will do.
CREATE TABLE metric_samples (
  space LowCardinality(String) CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  fingerprint UInt64 CODEC(ZSTD(1)),
  received DateTime CODEC(DoubleDelta, ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  start DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  value_type UInt8 CODEC(ZSTD(1)),
  value_double Float64 CODEC(Delta(8), ZSTD(1)),
  value_int Int64 CODEC(Delta(8), ZSTD(1)),
  value Float64 ALIAS if(value_type = 2, toFloat64(value_int), value_double)
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, name, fingerprint, time)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

-- `has` is a set of bits: 1 sum, 2 min, 4 max were sent. The bounds stand in `metric_series`.
CREATE TABLE metric_histograms (
  space LowCardinality(String) CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  fingerprint UInt64 CODEC(ZSTD(1)),
  received DateTime CODEC(DoubleDelta, ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  start DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  count UInt64 CODEC(Delta(8), ZSTD(1)),
  has UInt8 CODEC(ZSTD(1)),
  sum Float64 CODEC(ZSTD(1)),
  min Float64 CODEC(ZSTD(1)),
  max Float64 CODEC(ZSTD(1)),
  buckets Array(UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, name, fingerprint, time)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE metric_exponential_histograms (
  space LowCardinality(String) CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  fingerprint UInt64 CODEC(ZSTD(1)),
  received DateTime CODEC(DoubleDelta, ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  start DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  count UInt64 CODEC(Delta(8), ZSTD(1)),
  has UInt8 CODEC(ZSTD(1)),
  sum Float64 CODEC(ZSTD(1)),
  min Float64 CODEC(ZSTD(1)),
  max Float64 CODEC(ZSTD(1)),
  scale Int32 CODEC(ZSTD(1)),
  zero_count UInt64 CODEC(ZSTD(1)),
  zero_threshold Float64 CODEC(ZSTD(1)),
  positive_offset Int32 CODEC(ZSTD(1)),
  positive Array(UInt64) CODEC(T64, ZSTD(1)),
  negative_offset Int32 CODEC(ZSTD(1)),
  negative Array(UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, name, fingerprint, time)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE metric_summaries (
  space LowCardinality(String) CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  fingerprint UInt64 CODEC(ZSTD(1)),
  received DateTime CODEC(DoubleDelta, ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  start DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  count UInt64 CODEC(Delta(8), ZSTD(1)),
  sum Float64 CODEC(ZSTD(1)),
  quantiles Array(Float64) CODEC(ZSTD(1)),
  quantile_values Array(Float64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, name, fingerprint, time)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

-- Exemplars of every kind of point; `point_time` and the fingerprint say whose they are.
CREATE TABLE metric_exemplars (
  space LowCardinality(String) CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  fingerprint UInt64 CODEC(ZSTD(1)),
  received DateTime CODEC(DoubleDelta, ZSTD(1)),
  point_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  value_type UInt8 CODEC(ZSTD(1)),
  value_double Float64 CODEC(ZSTD(1)),
  value_int Int64 CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1)),
  attributes String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, name, fingerprint, time)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;
