import { closeSync, fdatasync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import type { Block } from '@burstlet/otlp/decode'
import { type Commit, encodeCommit } from './journal.ts'
import { generationPath, journalName, type SealedGeneration, segmentName } from './layout.ts'

const sync = promisify(fdatasync)

interface OpenFile {
  readonly descriptor: number
  /** Where the last commit ends. */
  committed: number
  rows: number
}

/** The generation that a worker writes to. Only `commit` changes what a reader after a crash sees. */
export class OpenGeneration {
  readonly worker: number
  readonly generation: number
  readonly #folder: string
  readonly #files = new Map<string, OpenFile>()
  readonly #journal: OpenFile
  readonly #spaces = new Set<string>()
  firstAt = 0
  lastAt = 0

  constructor(root: string, worker: number, generation: number) {
    this.worker = worker
    this.generation = generation
    this.#folder = generationPath(root, worker, generation)
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    this.#journal = this.#open(journalName)
    syncFolder(this.#folder)
    syncFolder(join(this.#folder, '..'))
  }

  /** Bytes of all its segments. */
  get bytes(): number {
    return [...this.#files.values()].reduce((sum, file) => sum + file.committed, 0)
  }

  /** Rows of its longest segment. */
  get rows(): number {
    return Math.max(0, ...[...this.#files.values()].map((file) => file.rows))
  }

  /**
   * Returns when the blocks, whose rows are of these spaces, and the record of them are on disk. The files and the journal are synced at the same time:
   * the record carries checksums, so one that came through without its data is recognised after a crash.
   * @throws the file system's error; then nothing of the commit is left
   */
  async commit(blocks: readonly Block[], bodies: Commit['bodies'], spaces: readonly string[]): Promise<void> {
    const at = Date.now()
    const touched: { file: OpenFile; end: number; rows: number }[] = []
    try {
      const files: Commit['files'] = []
      for (const { table, bytes, rows } of blocks) {
        const file = this.#fileOf(table)
        touched.push({ file, end: file.committed + bytes.length, rows })
        write(file.descriptor, bytes, file.committed)
        files.push({ table, end: file.committed + bytes.length, crc: crc32(bytes), rows })
      }
      const record = encodeCommit({ at, files, spaces: [...spaces], bodies })
      touched.push({ file: this.#journal, end: this.#journal.committed + record.length, rows: 0 })
      write(this.#journal.descriptor, record, this.#journal.committed)
      await Promise.all(touched.map(({ file }) => sync(file.descriptor)))
    } catch (error) {
      // The journal first: without the record the rest does not count.
      for (const { file } of touched.reverse()) ftruncateSync(file.descriptor, file.committed)
      throw error
    }
    for (const { file, end, rows } of touched) {
      file.committed = end
      file.rows += rows
    }
    for (const space of spaces) this.#spaces.add(space)
    this.firstAt ||= at
    this.lastAt = at
  }

  /** Closes it for good. */
  seal(): SealedGeneration {
    for (const { descriptor } of [this.#journal, ...this.#files.values()]) closeSync(descriptor)
    return {
      worker: this.worker,
      generation: this.generation,
      segments: [...this.#files]
        .filter(([, file]) => file.committed > 0)
        .map(([table, { rows, committed }]) => ({ table, rows, bytes: committed, damages: [] })),
      spaces: [...this.#spaces],
      firstAt: this.firstAt,
      lastAt: this.lastAt,
    }
  }

  #fileOf(table: string): OpenFile {
    let file = this.#files.get(table)
    if (!file) {
      file = this.#open(segmentName(table))
      this.#files.set(table, file)
      syncFolder(this.#folder)
    }
    return file
  }

  #open(name: string): OpenFile {
    return { descriptor: openSync(join(this.#folder, name), 'wx', 0o600), committed: 0, rows: 0 }
  }
}

function write(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done)
  }
}

/** Makes the names in a folder durable. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
