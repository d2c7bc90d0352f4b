/** The variants of AnyValue, by their field numbers; 0 is a value that is absent or empty. */
export const ABSENT = 0
export const STRING = 1
export const BOOL = 2
export const INT = 3
export const DOUBLE = 4
export const ARRAY = 5
export const KVLIST = 6
export const BYTES = 7

/** AnyValues nested deeper than this are refused; real data stays below 100. */
export const MAX_NESTING = 200
