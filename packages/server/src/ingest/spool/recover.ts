import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { defaultSpace } from '../../config/default-space.ts'
import { type Commit, type JournalEntry, readJournal } from './journal.ts'
import { generationPath, journalName, type SealedGeneration, segmentName, tableOf } from './layout.ts'
import { RecoveredSegment } from './recovered-segment.ts'

/** A generation as a crash or a stop left it, mended. */
export interface RecoveredGeneration {
  readonly sealed: SealedGeneration
  readonly commits: readonly Commit[]
  /** Rows of a last commit that did not come through whole. */
  readonly cutRows: number
  /** Records of the journal that had a flipped bit, and could be read all the same. */
  readonly mendedRecords: number
  /** Records, or stretches of bytes, that could not be read. */
  readonly unreadableRecords: number
}

/** Generations of a worker, oldest first. */
export function generationsOf(root: string, worker: number): number[] {
  const folder = join(root, String(worker))
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** IngestWorkers that have left something behind. */
export function workersIn(root: string): number[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/**
 * Cuts a generation at its last whole commit: all its files at once, so that half a request never survives. The commit
 * at the end may have come through without its data, since both are synced at the same time; it was not acknowledged
 * then. Those before it were: a piece of theirs that is damaged, or whose record is, is named and left where it is.
 * A segment that is gone has been inserted.
 */
export function recoverGeneration(root: string, worker: number, generation: number): RecoveredGeneration {
  const folder = generationPath(root, worker, generation)
  const journal = join(folder, journalName)
  const entries = readEntries(journal)
  const segments = segmentsIn(folder, entries)
  for (const { commit } of entries) {
    if (commit) for (const { table, end, crc, rows } of commit.files) segments.get(table)?.check(end, rows, crc)
    else for (const segment of segments.values()) segment.skip()
  }
  const unreadable = entries.filter(({ commit }) => !commit)
  const last = entries.at(-1)
  let cutRows = 0
  if (unreadable.length > 0) {
    // The journal stays as it is: the same is found in it until the segments are in the tables.
    for (const segment of segments.values()) segment.keepRest(last?.commit ? 'record' : 'last-record')
  } else if (last?.commit?.files.some(({ table }) => segments.get(table)?.endsDamaged)) {
    entries.pop()
    truncateSync(journal, last.start)
    for (const { table, rows } of last.commit.files) {
      segments.get(table)?.dropLast()
      cutRows += rows
    }
  }
  const commits = entries.flatMap(({ commit }) => commit ?? [])
  const left = [...segments].filter(([, segment]) => segment.cut())
  if (commits.length === 0 && left.length === 0) rmSync(folder, { recursive: true, force: true })
  return {
    commits,
    cutRows,
    mendedRecords: entries.filter(({ mended }) => mended).length,
    unreadableRecords: unreadable.length,
    sealed: {
      worker,
      generation,
      segments: left.map(([table, { rows, bytes, damages }]) => ({ table, rows, bytes, damages })),
      // Where every record is lost, nobody can tell any more.
      spaces: commits.length > 0 ? [...new Set(commits.flatMap(({ spaces }) => spaces))] : [defaultSpace],
      firstAt: commits[0]?.at ?? Date.now(),
      lastAt: commits.at(-1)?.at ?? Date.now(),
    },
  }
}

/** The journal is made before any segment; where it is missing, it was lost. */
function readEntries(journal: string): JournalEntry[] {
  if (existsSync(journal)) return readJournal(readFileSync(journal))
  return [{ start: 0, end: 0, commit: undefined, mended: false }]
}

/** One for each file, and for each table that a record names. */
function segmentsIn(folder: string, entries: readonly JournalEntry[]): Map<string, RecoveredSegment> {
  const named = entries.flatMap(({ commit }) => commit?.files.map(({ table }) => table) ?? [])
  const found = readdirSync(folder).flatMap((name) => tableOf(name) ?? [])
  return new Map(
    [...new Set([...named, ...found])].map((table) => [table, new RecoveredSegment(join(folder, segmentName(table)))]),
  )
}
