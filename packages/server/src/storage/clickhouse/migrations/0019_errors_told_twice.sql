-- An exception may be told by a span, by a log record of that span, or by both. `told_by_span`: the record's span has an exception of
-- the same type among its events, and counts it. `span_group`: error_group of the record's span that failed without an exception
-- event, 0 for others; `span_weight`: what that span counts for, at the first of its records, which count in its place.
-- `operation`: name of the span of the newest record.
ALTER TABLE log_errors_1h
  ADD COLUMN told_by_span UInt8 DEFAULT 0,
  ADD COLUMN span_group UInt64 DEFAULT 0,
  ADD COLUMN span_weight Float64 DEFAULT 0 CODEC(ZSTD(1)),
  ADD COLUMN operation LowCardinality(String) DEFAULT '';
