import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { ClickhouseConnection } from '../../storage/clickhouse/connection.ts'
import type { DeadLetters } from './dead-letters.ts'
import { mayPass } from './engine-trouble.ts'
import { insertFile } from './insert.ts'
import { generationPath, type SealedGeneration, type Segment, segmentName } from './layout.ts'

/** Tables that others point at by hash: their rows must be there before the rows that carry the hash. */
const pointedAt = new Set(['resources', 'scopes', 'metric_series'])

const firstPauseMs = 50
const longestPauseMs = 2000

export interface InserterOptions {
  readonly root: string
  readonly spoolId: string
  readonly connection: ClickhouseConnection
  readonly refused: DeadLetters
  readonly log: FastifyBaseLogger
  /** A segment is in the tables, after `seconds` of its insert. */
  readonly onInserted: (segment: Segment, seconds: number) => void
  /** Nothing of a generation is left to insert. */
  readonly onDone: (generation: SealedGeneration) => void
}

/** Inserts the sealed generations of one worker, in their order, each until the engine has it or has refused it. */
export class Inserter {
  readonly #options: InserterOptions
  readonly #queue: SealedGeneration[] = []
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  /** What went wrong last, until something goes well. */
  lastError: string | undefined

  constructor(options: InserterOptions) {
    this.#options = options
  }

  /** Sealed and not inserted. */
  get waiting(): readonly SealedGeneration[] {
    return this.#queue
  }

  add(generation: SealedGeneration): void {
    this.#queue.push(generation)
    this.#start()
  }

  /** Resolves when nothing is left, or `stop` was called. */
  async idle(): Promise<void> {
    await this.#running
  }

  /** Starts nothing more; the rest is sent when the server starts again. */
  stop(): void {
    this.#stopping.abort()
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#queue.length > 0 && !this.#stopping.signal.aborted) this.#start()
    })
  }

  async #run(): Promise<void> {
    for (let next = this.#queue[0]; next && !this.#stopping.signal.aborted; next = this.#queue[0]) {
      const { segments } = next
      const generation = next
      const insert = (segment: Segment) => this.#insert(generation, segment)
      await Promise.all(segments.filter(({ table }) => pointedAt.has(table)).map(insert))
      await Promise.all(segments.filter(({ table }) => !pointedAt.has(table)).map(insert))
      if (this.#stopping.signal.aborted) return
      this.#queue.shift()
      this.#options.onDone(generation)
    }
  }

  async #insert(generation: SealedGeneration, segment: Segment): Promise<void> {
    const { log, onInserted } = this.#options
    for (let tries = 1; !this.#stopping.signal.aborted; tries++) {
      try {
        const started = performance.now()
        await this.#insertOnce(generation, segment)
        this.lastError = undefined
        onInserted(segment, (performance.now() - started) / 1000)
        return
      } catch (error) {
        this.lastError = error instanceof Error ? error.message : String(error)
        const again = mayPass(error, tries)
        const said = { err: error, table: segment.table, rows: segment.rows, tries }
        if (again) log.warn(said, 'an insert failed; it is tried again')
        else log.error(said, 'ClickHouse refused rows; they are set aside')
        if (!again && (await this.#setAside(generation, segment, this.lastError))) return
        await this.#pause(tries)
      }
    }
  }

  async #insertOnce(sealed: SealedGeneration, segment: Segment): Promise<void> {
    const { worker, generation } = sealed
    const { root, spoolId, connection, refused, log } = this.#options
    const path = join(generationPath(root, worker, generation), segmentName(segment.table))
    if (!existsSync(path)) {
      // Only this server removes segments, after their insert, and the folder is locked: to try again would never end.
      const reason = `The file ${relative(root, path)} is gone; its rows are lost unless whoever removed it has them.`
      log.error({ table: segment.table, rows: segment.rows, file: path }, 'a segment is gone from the spool')
      return await refused.noteLoss(sealed, segment, reason)
    }
    const token = `${spoolId}-${worker}-${generation}-${segment.table}`
    if (hasSoundBytes(segment)) await insertFile(connection, root, { ...segment, file: relative(root, path), token })
    for (const damage of segment.damages) {
      log.error({ table: segment.table, ...damage }, 'rows that are damaged on disk are set aside')
      const id = await refused.copyPiece(sealed, segment.table, damage)
      if (damage.of === 'record') await this.#insertCopy(segment.table, id)
    }
    await rm(path)
  }

  /** Rows whose record alone is damaged are most likely whole; the engine tells. They were acknowledged. */
  async #insertCopy(table: string, id: string): Promise<void> {
    const { root, spoolId, connection, refused, log } = this.#options
    const segment = await refused.find(id)
    if (!segment) return
    const source = { ...segment, file: refused.dataOf(id), damages: [], token: `${spoolId}-${id}` }
    try {
      await insertFile(connection, root, source)
    } catch (error) {
      if (mayPass(error, Number.POSITIVE_INFINITY)) throw error
      await refused.again(segment, `${segment.error} ${error instanceof Error ? error.message : error}`)
      return
    }
    await refused.remove(id)
    log.info({ table, rows: segment.rows }, 'rows whose record was damaged were inserted')
  }

  async #setAside(generation: SealedGeneration, segment: Segment, reason: string): Promise<boolean> {
    try {
      await this.#options.refused.setAside(generation, segment, reason)
      return true
    } catch (error) {
      this.#options.log.error({ err: error, table: segment.table }, 'refused rows could not be set aside')
      return false
    }
  }

  async #pause(tries: number): Promise<void> {
    const milliseconds = Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs)
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => {})
  }
}

function hasSoundBytes({ bytes, damages }: Segment): boolean {
  return damages.reduce((left, { start, end }) => left - (end - start), bytes) > 0
}
