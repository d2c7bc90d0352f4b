/** The variants of AnyValue, by their field numbers; 0 is a value that is absent or empty. */
export const absent = 0
export const string = 1
export const boolKind = 2
export const int = 3
export const doubleKind = 4
export const array = 5
export const kvlist = 6
export const bytes = 7

/** AnyValues nested deeper than this are refused; real data stays below 100. */
export const maxNesting = 200
