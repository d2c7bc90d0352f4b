// What the module asks of TypeScript: whatever is rare, or about text. See `src/decoder/host.ts`.

/** Throws DecodeError; does not come back. `position` counts from the start of the body. */
export declare function fail(fault: i32, position: usize, detail: u32): void

/** The role of an attribute key, see `semantic-conventions.ts`; `low` and `high` are its hash. */
export declare function roleOf(start: usize, end: usize, low: u32, high: u32, overfull: bool): u32

/** Throws TooLargeError, for want of memory; does not come back. */
export declare function memoryFull(): void

/** Throws TooLargeError; does not come back. */
export declare function tooLarge(most: u32): void

/** Throws TooLargeError; does not come back. */
export declare function tooManyValues(most: u32): void

/** Whether `AnnouncedRows` has this row. */
export declare function isAnnounced(low: u32, high: u32, owner: u32): bool

/** How many spans one with this trace state stands for. */
export declare function adjustedCount(start: usize, end: usize): f32

/** Works out an error group from ranges of text; it is written to `target`. */
export declare function errorGroup(facts: usize, target: usize): void

/**
 * Counts a rejected item. If it is the first of its reason, the first range names it, and the second the attribute that it
 * is rejected for; 0 for none.
 */
export declare function reject(reason: i32, start: usize, end: usize, keyStart: usize, keyEnd: usize): void

/** Whether `SeriesLimits` admits one more series of the metric and service with these names. */
export declare function admits(metricStart: usize, metricEnd: usize, serviceStart: usize, serviceEnd: usize): bool

/** Writes the JSON string of UTF-8 text to `target`, where there is room for six bytes a byte and two; answers its end. */
export declare function writeQuoted(start: usize, end: usize, target: usize): usize

/** Writes a double in decimal to `target`, in at most 32 bytes; answers its end. */
export declare function writeDouble(value: f64, target: usize): usize

/** Throws: a column of a table has another number of rows than the table, which is a fault of the decoder. */
export declare function misaligned(table: u32, column: u32, rows: u32, expected: u32): void
