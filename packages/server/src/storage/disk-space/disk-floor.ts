/** How much of a disk is kept free: the smaller of the two, so that a large disk wastes little and a small one stays usable. */
export interface DiskFloor {
  readonly bytes: number
  readonly percent: number
}

/** Bytes below which nothing more is taken in. */
export function ingestFloor(totalBytes: number, { bytes, percent }: DiskFloor): number {
  return Math.floor(Math.min(bytes, (totalBytes * percent) / 100))
}

/**
 * Bytes below which the engine begins no insert and no merge. It is lower, so that what was taken in until then still
 * reaches the tables, and what it has begun can be finished.
 */
export function engineFloor(totalBytes: number, floor: DiskFloor): number {
  return Math.floor(ingestFloor(totalBytes, floor) / 2)
}
