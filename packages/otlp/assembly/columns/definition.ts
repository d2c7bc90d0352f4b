// How a column is made up.
export const FIXED = 0
export const STRING = 1
export const NULLABLE_STRING = 2
export const LOW_CARDINALITY = 3
export const MAP = 4
export const ARRAY = 5

/** A column of a table. */
@unmanaged
export class Definition {
  column: usize
  kind: i32
  /** The kind of what is in a map or an array. */
  inner: i32
  /** Bytes of a fixed-width value; in a map or an array, of those in it. */
  width: u32
  /** Where its name and type lie, as Native writes them, from the start of `headers`. */
  header: u32
  headerLength: u32
}
