import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Commit, decodeCommits, encodeCommit } from './journal.ts'
import { generationPath, journalName, type Piece, type SealedGeneration, segmentName } from './layout.ts'

/** A generation as a crash or a stop left it, mended. */
export interface RecoveredGeneration {
  readonly sealed: SealedGeneration
  readonly commits: readonly Commit[]
  /** Rows of a last commit that did not come through whole. */
  readonly cutRows: number
}

/** Generations of a lane, oldest first. */
export function generationsOf(root: string, lane: number): number[] {
  const folder = join(root, String(lane))
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** Lanes that have left something behind. */
export function lanesIn(root: string): number[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/**
 * Cuts a generation at its last whole commit: all its files at once, so that half a request never survives. The commit
 * at the end may have come through without its data, since both are synced at the same time; it was not acknowledged
 * then. Those before it were: a piece of theirs that is damaged is named, and left where it is.
 * A segment that is gone has been inserted.
 */
export function recoverGeneration(root: string, lane: number, generation: number): RecoveredGeneration {
  const folder = generationPath(root, lane, generation)
  const journal = join(folder, journalName)
  const commits = existsSync(journal) ? decodeCommits(readFileSync(journal)).commits : []
  const segments = new Map<string, RecoveredSegment>()
  for (const commit of commits) {
    for (const { table, end, crc, rows } of commit.files) {
      const path = join(folder, segmentName(table))
      const segment = segments.get(table) ?? new RecoveredSegment(path)
      segments.set(table, segment)
      segment.check(end, rows, crc)
    }
  }
  let cutRows = 0
  const last = commits.at(-1)
  if (last?.files.some(({ table }) => segments.get(table)?.endsDamaged)) {
    commits.pop()
    for (const { table, rows } of last.files) {
      segments.get(table)?.dropLast()
      cutRows += rows
    }
  }
  if (commits.length === 0) rmSync(folder, { recursive: true, force: true })
  else {
    truncateSync(
      journal,
      commits.reduce((bytes, commit) => bytes + encodeCommit(commit).length, 0),
    )
    for (const name of readdirSync(folder)) {
      if (name !== journalName && ![...segments.keys()].some((table) => segmentName(table) === name)) {
        rmSync(join(folder, name))
      }
    }
  }
  const left = [...segments].filter(([, segment]) => segment.cut())
  return {
    commits,
    cutRows,
    sealed: {
      lane,
      generation,
      segments: left.map(([table, { rows, bytes, damages }]) => ({ table, rows, bytes, damages })),
      firstAt: commits[0]?.at ?? 0,
      lastAt: commits.at(-1)?.at ?? 0,
    },
  }
}

/** The file of one table, read piece by piece. */
class RecoveredSegment {
  readonly #path: string
  readonly #exists: boolean
  #pieces: (Piece & { readonly sound: boolean })[] = []

  constructor(path: string) {
    this.#path = path
    this.#exists = existsSync(path)
  }

  get bytes(): number {
    return this.#pieces.at(-1)?.end ?? 0
  }

  get rows(): number {
    return this.#pieces.reduce((sum, { rows }) => sum + rows, 0)
  }

  get endsDamaged(): boolean {
    return this.#exists && this.#pieces.at(-1)?.sound === false
  }

  get damages(): readonly Piece[] {
    return this.#pieces.filter(({ sound }) => !sound).map(({ start, end, rows }) => ({ start, end, rows }))
  }

  check(end: number, rows: number, crc: number): void {
    const start = this.bytes
    this.#pieces.push({ start, end, rows, sound: this.#exists && checksumOf(this.#path, start, end) === crc })
  }

  dropLast(): void {
    this.#pieces.pop()
  }

  /** Makes the file end where its last piece does. @returns whether anything of it is left to insert */
  cut(): boolean {
    if (!this.#exists) return false
    if (this.#pieces.length === 0) rmSync(this.#path, { force: true })
    else truncateSync(this.#path, this.bytes)
    return this.#pieces.length > 0
  }
}

/** CRC-32 of part of a file; undefined when the file ends before. */
function checksumOf(path: string, start: number, end: number): number | undefined {
  const descriptor = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafe(end - start)
    return readSync(descriptor, bytes, 0, bytes.length, start) === bytes.length ? crc32(bytes) : undefined
  } finally {
    closeSync(descriptor)
  }
}
