-- `user.age` may be an attribute of this name, or `age` in the map attribute `user`. A condition on it is an OR over both, and only
-- what each side has an index for can be skipped. Most spans and records have no maps, and a filter of nothing is 8 bytes.
ALTER TABLE spans ADD INDEX attr_x_keys mapKeys(attr_x) TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE logs ADD INDEX attr_x_keys mapKeys(attr_x) TYPE bloom_filter(0.01) GRANULARITY 1;
