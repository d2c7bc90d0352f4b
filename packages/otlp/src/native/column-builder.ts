import type { BlockOutput } from './block-output.ts'

/** Takes the values of one column of one block, and writes them in ClickHouse's Native format. */
export interface ColumnBuilder {
  /** Rows so far. */
  readonly rows: number
  /** Whether a LowCardinality is in it: then a version number comes before everything else of the column. */
  readonly versioned: boolean
  /** Bytes that `write` will write. */
  byteLength(): number
  /** Writes all rows, without the version number. */
  write(output: BlockOutput): void
  /** Forgets all rows, keeps the buffers. */
  clear(): void
}
