import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { defaultSpace } from '../../config/default-space.ts'
import {
  type Damage,
  generationPath,
  refusedFolder,
  type SealedGeneration,
  type Segment,
  segmentName,
} from './layout.ts'

const description = z.object({
  id: z.string(),
  table: z.string(),
  rows: z.number(),
  bytes: z.number(),
  /** Those that its rows may belong to. Those of version 0.5 and before do not tell: all was of one space then. */
  spaces: z.array(z.string()).default([defaultSpace]),
  /** Milliseconds since 1970. */
  refusedAt: z.number(),
  /** What ClickHouse said, or what is wrong with the bytes. */
  error: z.string(),
})
export type DeadLetter = z.infer<typeof description>

const maxErrorLength = 2000

/** What a space is told: an error may repeat a value of a row, which may be another's. */
export function errorFor(space: string, { spaces, error }: DeadLetter): string {
  const isShared = spaces.some((each) => each !== space)
  return isShared ? "ClickHouse refused rows of several spaces together; the server's log says why." : error
}

/** What a space is told of, in their order: segments that may have rows of it. */
export function lettersFor(space: string, all: readonly DeadLetter[]): DeadLetter[] {
  return all
    .filter(({ spaces }) => spaces.includes(space))
    .map((segment) => ({ ...segment, error: errorFor(space, segment) }))
}

const damageTexts: Record<Damage['of'], (piece: Damage) => string> = {
  bytes: ({ start, end }) => `bytes ${start} to ${end} are not those that were written.`,
  record: ({ start, end }) => `the journal's record of bytes ${start} to ${end} cannot be read.`,
  'last-record': ({ start, end }) =>
    `the journal's last record, of bytes ${start} to ${end}, cannot be read. Whether the rows were acknowledged is not ` +
    'known; if they were not, their client has sent them again.',
}

/** Segments that the engine did not take, or whose bytes are damaged: out of the way, with their reason beside them. */
export class DeadLetters {
  readonly #root: string
  readonly #folder: string

  constructor(root: string) {
    this.#root = root
    this.#folder = join(root, refusedFolder)
  }

  /** All of them, oldest first. */
  async all(): Promise<DeadLetter[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))
    const texts = await Promise.all(names.map((name) => readFile(join(this.#folder, name), 'utf8')))
    return texts.map((text) => description.parse(JSON.parse(text))).sort((a, b) => a.refusedAt - b.refusedAt)
  }

  /** Path of its rows below the spool's folder. */
  dataOf(id: string): string {
    return join(refusedFolder, `${id}.native`)
  }

  /** Undefined when there is none of that id. */
  async find(id: string): Promise<DeadLetter | undefined> {
    return (await this.all()).find((segment) => segment.id === id)
  }

  async remove(id: string): Promise<void> {
    // The description goes last: what has one is listed, and can be removed again.
    await rm(join(this.#root, this.dataOf(id)), { force: true })
    await rm(join(this.#folder, `${id}.json`), { force: true })
  }

  /** Takes a whole segment out of its generation. */
  async setAside(sealed: SealedGeneration, segment: Segment, error: string): Promise<void> {
    const { worker, generation, spaces } = sealed
    const { table, rows, bytes } = segment
    const id = `${worker}-${generation}-${table}`
    await this.#describe({ id, table, rows, bytes, spaces: [...spaces], refusedAt: Date.now(), error })
    await rename(
      join(generationPath(this.#root, worker, generation), segmentName(table)),
      join(this.#root, this.dataOf(id)),
    )
  }

  /** Tells of a segment whose file is gone; there is nothing to send again. */
  async noteLoss(
    { worker, generation, spaces }: SealedGeneration,
    { table, rows }: Segment,
    error: string,
  ): Promise<void> {
    const id = `${worker}-${generation}-${table}`
    await this.#describe({ id, table, rows, bytes: 0, spaces: [...spaces], refusedAt: Date.now(), error })
  }

  /** Copies a damaged piece of a segment, which is removed afterwards. @returns the id of the copy */
  async copyPiece({ worker, generation, spaces }: SealedGeneration, table: string, piece: Damage): Promise<string> {
    const id = `${worker}-${generation}-${table}-${piece.start}`
    const target = join(this.#root, this.dataOf(id))
    const source = join(generationPath(this.#root, worker, generation), segmentName(table))
    await pipeline(
      createReadStream(source, { start: piece.start, end: piece.end - 1 }),
      createWriteStream(target, { mode: 0o600, flush: true }),
    )
    const { size } = await stat(target)
    const error = `Damaged on disk: ${damageTexts[piece.of](piece)}`
    const { rows } = piece
    await this.#describe({ id, table, rows, bytes: size, spaces: [...spaces], refusedAt: Date.now(), error })
    return id
  }

  /** Notes why it was refused this time. */
  async again(segment: DeadLetter, error: string): Promise<void> {
    await this.#describe({ ...segment, refusedAt: Date.now(), error })
  }

  async #describe(segment: DeadLetter): Promise<void> {
    const text = JSON.stringify({ ...segment, error: segment.error.slice(0, maxErrorLength) })
    const path = join(this.#folder, `${segment.id}.json`)
    await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
    await rename(`${path}.new`, path)
  }
}
