-- Who sent it. Spans, logs and series carry the hash; the content stands here once a day (a row is sent again for
-- each partition, so that dropping an old day never takes away what a newer row points at).
CREATE TABLE resources (
  space LowCardinality(String),
  received DateTime,
  hash UInt64,
  service LowCardinality(String),
  schema_url String,
  attr_s Map(LowCardinality(String), String),
  attr_i Map(LowCardinality(String), Int64),
  attr_f Map(LowCardinality(String), Float64),
  attr_b Map(LowCardinality(String), Bool),
  attr_x Map(LowCardinality(String), String),
  dropped_attributes UInt32,
  entity_refs String
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(received)
ORDER BY (space, hash)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE scopes (
  space LowCardinality(String),
  received DateTime,
  hash UInt64,
  name LowCardinality(String),
  version LowCardinality(String),
  schema_url String,
  attr_s Map(LowCardinality(String), String),
  attr_i Map(LowCardinality(String), Int64),
  attr_f Map(LowCardinality(String), Float64),
  attr_b Map(LowCardinality(String), Bool),
  attr_x Map(LowCardinality(String), String),
  dropped_attributes UInt32
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(received)
ORDER BY (space, hash)
TTL received + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;
