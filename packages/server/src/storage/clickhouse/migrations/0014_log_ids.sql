-- Ids of records are milliseconds and a counter. Neighbours of a service are as far apart in time as its records are: their
-- differences take a third of the bytes of the ids themselves.
ALTER TABLE logs MODIFY COLUMN record_id CODEC(Delta(8), T64('bit'), ZSTD(1));
