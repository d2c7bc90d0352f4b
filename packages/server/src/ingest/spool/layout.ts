import { join } from 'node:path'

/**
 * The spool's folder: `<worker>/<generation>/` with a journal and one file of Native blocks for each table, `refused/` for
 * what the engine did not take, and `spool.json` with what is made once. A worker is what one worker thread writes.
 */
export const refusedFolder = 'refused'
export const journalName = 'journal'
const segmentSuffix = '.native'

export const segmentName = (table: string) => `${table}${segmentSuffix}`

/** The table of a segment's file; undefined for a file that is none. */
export function tableOf(name: string): string | undefined {
  return name.endsWith(segmentSuffix) ? name.slice(0, -segmentSuffix.length) : undefined
}

/** Where one generation of one worker lies. Numbers have a fixed width, so that names sort in their order. */
export function generationPath(root: string, worker: number, generation: number): string {
  return join(root, String(worker), String(generation).padStart(16, '0'))
}

/** A generation that nothing is written to any more. */
export interface SealedGeneration {
  readonly worker: number
  readonly generation: number
  readonly segments: readonly Segment[]
  /** Those that any of its rows belong to. */
  readonly spaces: readonly string[]
  /** Milliseconds since 1970 of the first commit and of the last. */
  readonly firstAt: number
  readonly lastAt: number
}

/** The rows of one generation for one table. */
export interface Segment {
  readonly table: string
  readonly rows: number
  readonly bytes: number
  /** Pieces that must not be inserted with the others, in order. */
  readonly damages: readonly Damage[]
}

/**
 * What is wrong with a piece: its bytes are not those that were written (`bytes`), or its record cannot be read. A record
 * behind that one tells that it was complete (`record`); at the end of the journal nothing does (`last-record`).
 */
export interface Damage extends Piece {
  readonly of: 'bytes' | 'record' | 'last-record'
}

/** Part of a segment: the block of one commit. Offsets in bytes, `end` not included. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly rows: number
}
