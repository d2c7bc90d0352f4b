-- One row a log record. `time` is what it is ordered and searched by; `time_source` says where that came from:
-- 0 the record's own time, 1 its observed time, 2 the moment of receipt. `body_type` is the field number of the
-- AnyValue variant (0 no body, 1 string, 2 bool, 3 int, 4 double, 5 array, 6 kvlist, 7 bytes).
CREATE TABLE logs (
  space LowCardinality(String) CODEC(ZSTD(1)),
  received DateTime CODEC(Delta, ZSTD(1)),
  service LowCardinality(String) CODEC(ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  time_source UInt8 CODEC(ZSTD(1)),
  observed DateTime64(9, 'UTC') CODEC(GCD, Delta(8), ZSTD(1)),
  record_id UInt64 CODEC(Delta(8), ZSTD(1)),
  severity UInt8 CODEC(ZSTD(1)),
  severity_text LowCardinality(String) CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  event_name LowCardinality(String) CODEC(ZSTD(1)),
  body String CODEC(ZSTD(1)),
  body_type UInt8 CODEC(ZSTD(1)),
  res_hash UInt64 CODEC(ZSTD(1)),
  scope_hash UInt64 CODEC(ZSTD(1)),
  attr_s Map(LowCardinality(String), String) CODEC(ZSTD(3)),
  attr_i Map(LowCardinality(String), Int64) CODEC(ZSTD(1)),
  attr_f Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  attr_b Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
  attr_x Map(LowCardinality(String), String) CODEC(ZSTD(3)),
  dropped_attributes UInt32 CODEC(ZSTD(1)),
  INDEX body_words arrayFilter(t -> NOT match(t, '[0-9]'), tokens(lower(body))) TYPE text(tokenizer = 'array'),
  INDEX body_ids arrayFilter(t -> match(t, '[0-9]'), tokens(lower(body))) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX attr_s_keys mapKeys(attr_s) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX attr_s_values mapValues(attr_s) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX time_minmax time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(received)
ORDER BY (space, service, time)
TTL received + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;
