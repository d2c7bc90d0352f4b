import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseError } from '@clickhouse/client'
import type { FastifyBaseLogger } from 'fastify'
import type { ClickhouseConnection } from '../../storage/clickhouse/connection.ts'
import type { DiskSpace } from '../../storage/disk-space/disk-space.ts'
import { rememberedMs } from '../bodies/deduplication.ts'
import type { ExportRequest } from '../bodies/export-request.ts'
import { overloaded } from '../bodies/ingest-error.ts'
import { DeadLetters, errorFor } from './dead-letters.ts'
import { insertFile } from './insert.ts'
import { Inserter } from './inserter.ts'
import type { Commit } from './journal.ts'
import { generationPath, type SealedGeneration } from './layout.ts'
import { generationsOf, recoverGeneration, workersIn } from './recover.ts'
import { openSpoolFolder, type SpoolIdentity } from './spool-folder.ts'
import type { IngestLimits, Stored } from './worker-messages.ts'
import { IngestWorkers } from './workers.ts'

export interface SpoolOptions {
  readonly root: string
  readonly connection: ClickhouseConnection
  readonly log: FastifyBaseLogger
  readonly maxBodyBytes: number
  /** Worker threads that decode and write. */
  readonly workers: number
  /** Most bytes that wait for ClickHouse; beyond, nothing is taken. */
  readonly capBytes: number
  /** Milliseconds between two inserts into the same table. */
  readonly insertIntervalMs: number
  readonly limits?: IngestLimits
  /** Is asked whether there is room. */
  readonly disks?: Pick<DiskSpace, 'shortage'>
  /** Is told the bodies that were stored before a restart and not long ago. */
  readonly onRecovered: (bodies: Commit['bodies'], at: number) => void
}

const sweepMs = 10_000
/** A full disk does not pass within a second. */
const shortageSeconds = 5
/** How long a stop waits for ClickHouse to take the rest; what it has not by then is sent after the next start. */
const drainMs = 8000

/** Takes requests, keeps them on disk, and brings them into ClickHouse exactly once. */
export class Spool {
  readonly identity: SpoolIdentity
  readonly refused: DeadLetters
  readonly #options: SpoolOptions
  readonly #workers: IngestWorkers
  readonly #inserters = new Map<number, Inserter>()
  readonly #newInserter: () => Inserter
  /** Inserted, and kept for the bodies that their journals name. */
  #done: SealedGeneration[] = []
  readonly #sweeper: NodeJS.Timeout
  readonly #insertSeconds: number[] = []
  #inserted = { segments: 0, rows: 0 }
  #sealedBytes = 0
  #stopped = false

  constructor(options: SpoolOptions) {
    this.#options = options
    const { root, connection, log } = options
    const identity = openSpoolFolder(root)
    this.identity = identity
    this.refused = new DeadLetters(root)
    this.#newInserter = () =>
      new Inserter({
        root,
        spoolId: identity.id,
        connection,
        refused: this.refused,
        log,
        onInserted: (segment, seconds) => this.#whenInserted(segment.rows, seconds),
        onDone: (generation) => this.#whenDone(generation),
      })
    for (const worker of workersIn(root)) if (worker >= options.workers) this.#recover(worker)
    this.#workers = new IngestWorkers({
      ...options,
      count: options.workers,
      sealAfterMs: options.insertIntervalMs * options.workers,
      nextGeneration: (worker) => this.#recover(worker),
      onSealed: (generation) => this.#whenSealed(generation),
    })
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs).unref()
  }

  /** Why no requests are taken; undefined when they are. */
  get refusal(): string | undefined {
    if (this.#stopped) return 'The server is stopping.'
    if (this.#sealedBytes + this.#workers.openBytes >= this.#options.capBytes) {
      return 'The spool is full until ClickHouse has taken its part.'
    }
    return this.#options.disks?.shortage
  }

  /** @throws IngestError 503 while nothing is taken */
  mustAccept(): void {
    const { refusal } = this
    if (refusal === undefined) return
    throw overloaded(`${refusal} Send again later.`, this.#options.disks?.shortage === undefined ? 1 : shortageSeconds)
  }

  /** Returns when what could be accepted is on disk. @throws IngestError */
  async store(delivery: ExportRequest, fingerprint: string): Promise<Stored> {
    this.mustAccept()
    return await this.#workers.store(delivery, fingerprint)
  }

  /** What waits, and how the inserts go. */
  status() {
    const waiting = [...this.#inserters.values()].flatMap((inserter) => inserter.waiting)
    const oldest = Math.min(...waiting.map(({ firstAt }) => firstAt))
    const sorted = this.#insertSeconds.toSorted((a, b) => a - b)
    const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? null
    return {
      depth: {
        bytes: this.#sealedBytes + this.#workers.openBytes,
        segments: waiting.reduce((sum, { segments }) => sum + segments.length, 0),
        rows: waiting.reduce((sum, { segments }) => sum + segments.reduce((rows, each) => rows + each.rows, 0), 0),
      },
      oldestSeconds: waiting.length > 0 ? Math.max(0, (Date.now() - oldest) / 1000) : null,
      capBytes: this.#options.capBytes,
      accepting: this.refusal === undefined,
      refusal: this.refusal ?? null,
      inserts: {
        ...this.#inserted,
        lastSeconds: this.#insertSeconds.at(-1) ?? null,
        p50Seconds: quantile(0.5),
        p99Seconds: quantile(0.99),
        lastError: [...this.#inserters.values()].find(({ lastError }) => lastError)?.lastError ?? null,
      },
    }
  }

  /**
   * Sends a refused segment once more, under its first token: what the engine has of it already is not doubled.
   * When the engine refuses it again it stays where it is.
   * @param space of whoever asks: a segment without rows of it is unknown to them
   * @throws ClickhouseUnavailableError when the engine is away
   */
  async retryRefused(id: string, space: string): Promise<'inserted' | 'unknown' | { readonly error: string }> {
    const segment = await this.refused.find(id)
    if (!segment?.spaces.includes(space)) return 'unknown'
    if (segment.bytes === 0) return { error: errorFor(space, segment) }
    const { root, connection } = this.#options
    const source = { ...segment, file: this.refused.dataOf(id), damages: [], token: `${this.identity.id}-${id}` }
    try {
      await insertFile(connection, root, source)
    } catch (error) {
      if (!(error instanceof ClickHouseError)) throw error
      await this.refused.again(segment, error.message)
      return { error: errorFor(space, { ...segment, error: error.message }) }
    }
    await this.refused.remove(id)
    return 'inserted'
  }

  /** Gives a refused segment up for good, unless rows of other spaces are in it. */
  async dropRefused(id: string, space: string): Promise<'dropped' | 'unknown' | 'shared'> {
    const segment = await this.refused.find(id)
    if (!segment?.spaces.includes(space)) return 'unknown'
    if (segment.spaces.some((each) => each !== space)) return 'shared'
    this.#options.log.warn({ segment }, 'a refused segment was dropped')
    await this.refused.remove(id)
    return 'dropped'
  }

  /** Finishes what was taken, and inserts what ClickHouse takes in time. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#sweeper)
    await this.#workers.stop()
    const inserters = [...this.#inserters.values()]
    const drained = Promise.all(inserters.map((inserter) => inserter.idle()))
    await Promise.race([drained, sleep(drainMs, undefined, { ref: false })])
    for (const inserter of inserters) inserter.stop()
  }

  /** Brings back what a worker left behind. @returns the number of its next generation */
  #recover(worker: number): number {
    const { root, onRecovered, log } = this.#options
    const known = new Set([...(this.#inserters.get(worker)?.waiting ?? []), ...this.#done].map((each) => nameOf(each)))
    const generations = generationsOf(root, worker)
    for (const generation of generations) {
      if (known.has(nameOf({ worker, generation }))) continue
      const { sealed, commits, ...found } = recoverGeneration(root, worker, generation)
      const { cutRows, mendedRecords, unreadableRecords } = found
      if (cutRows > 0) log.warn({ worker, generation, cutRows }, 'a write that was cut short was left out')
      if (mendedRecords > 0) log.warn({ worker, generation, mendedRecords }, 'flipped bits in a journal were mended')
      if (unreadableRecords > 0) log.error({ worker, generation, unreadableRecords }, 'a journal is damaged')
      for (const { at, bodies } of commits) if (at > Date.now() - rememberedMs) onRecovered(bodies, at)
      if (commits.length > 0 || sealed.segments.length > 0) this.#whenSealed(sealed)
    }
    // A number must never come back, or the engine would take new rows for old ones.
    return Math.max((generations.at(-1) ?? 0) + 1, Date.now())
  }

  #whenSealed(generation: SealedGeneration): void {
    // Its first write failed: there is nothing in it to insert, or to remember.
    if (generation.segments.length === 0 && generation.firstAt === 0) {
      this.#remove(generation)
      return
    }
    this.#sealedBytes += bytesOf(generation)
    let inserter = this.#inserters.get(generation.worker)
    if (!inserter) {
      inserter = this.#newInserter()
      this.#inserters.set(generation.worker, inserter)
    }
    inserter.add(generation)
  }

  #whenInserted(rows: number, seconds: number): void {
    this.#inserted.segments++
    this.#inserted.rows += rows
    this.#insertSeconds.push(seconds)
    if (this.#insertSeconds.length > 1000) this.#insertSeconds.shift()
  }

  #whenDone(generation: SealedGeneration): void {
    this.#sealedBytes -= bytesOf(generation)
    this.#done.push(generation)
  }

  #sweep(): void {
    const old = this.#done.filter(({ lastAt }) => lastAt < Date.now() - rememberedMs)
    if (old.length === 0) return
    this.#done = this.#done.filter((each) => !old.includes(each))
    for (const generation of old) this.#remove(generation)
  }

  #remove({ worker, generation }: SealedGeneration): void {
    const folder = generationPath(this.#options.root, worker, generation)
    void rm(folder, { recursive: true, force: true }).catch((err: unknown) => {
      this.#options.log.warn({ err }, 'an old journal could not be removed')
    })
  }
}

function bytesOf({ segments }: SealedGeneration): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}

function nameOf({ worker, generation }: { worker: number; generation: number }): string {
  return `${worker}/${generation}`
}
