// As in `src/any-value.ts`: the variants of AnyValue by their field numbers; 0 is a value that is absent or empty.
export const ABSENT: u32 = 0
export const STRING_VALUE: u32 = 1
export const BOOL_VALUE: u32 = 2
export const INT_VALUE: u32 = 3
export const DOUBLE_VALUE: u32 = 4
export const ARRAY_VALUE: u32 = 5
export const KVLIST_VALUE: u32 = 6
export const BYTES_VALUE: u32 = 7

/** AnyValues nested deeper than this are refused; real data stays below 100. */
export const MAX_NESTING: u32 = 200
