import { completeUntil, type Known } from './rate.ts'

export interface GroupPoint {
  readonly labels: string[]
  readonly bucket: string
  readonly value: number | null
  /** Points that are not numbers (NaN, infinities), and so are left out. */
  readonly notFinite?: number
}

/** Points, and up to when all that they depend on is there (epoch ms); undefined when nothing is due. */
export interface GroupPoints {
  readonly points: GroupPoint[]
  readonly completeUntil: number | undefined
}

/** Points of those buckets of which something is known. */
export function knownPoints<Row extends Known & Pick<GroupPoint, 'labels'>>(
  rows: readonly Row[],
  value: (row: Row) => number | null,
): GroupPoints {
  return {
    completeUntil: completeUntil(rows),
    points: rows
      .filter(({ known }) => known > 0)
      .map((row) => ({ labels: row.labels, bucket: row.bucket, value: finite(value(row)) })),
  }
}

/** JSON has no NaN; the engine writes it, and infinities, as text. */
export function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
