import { Worker } from 'node:worker_threads'
import { RecordIds } from '@burstlet/otlp/record-ids'
import type { FastifyBaseLogger } from 'fastify'
import type { ExportRequest } from '../bodies/export-request.ts'
import { IngestError, overloaded } from '../bodies/ingest-error.ts'
import type { SealedGeneration } from './layout.ts'
import type { Answer, Failure, FromWorker, Stored, ToWorker, WorkerOptions, WorkerRequest } from './worker-messages.ts'

/**
 * Of a worker's young generation. With it a heap holds 50 MB, with V8's own choice 150, whose pages become resident one by one for
 * hours, which looks like a leak; what a batch leaves behind is small, since its bytes are not on this heap.
 */
const youngMegabytes = 48

export interface IngestWorkersOptions extends Omit<WorkerOptions, 'worker' | 'generation' | 'recordIds'> {
  readonly count: number
  /** Number of the first generation of a worker that starts now; those before it were recovered. */
  readonly nextGeneration: (worker: number) => number
  readonly onSealed: (generation: SealedGeneration) => void
  readonly log: FastifyBaseLogger
}

let connections = 0
const numbers = new WeakMap<object, number>()

/** Connections by number, since threads cannot be told of objects. */
function numberOf(connection: object | undefined): number {
  if (connection === undefined) return 0
  const number = numbers.get(connection) ?? ++connections
  numbers.set(connection, number)
  return number
}

interface Pending {
  readonly resolve: (stored: Stored) => void
  readonly reject: (error: unknown) => void
}

/** Worker threads, each with generations of its own. A request goes to the one with the fewest bytes before it. */
export class IngestWorkers {
  readonly #workers: IngestWorker[]

  constructor(options: IngestWorkersOptions) {
    const { memory } = new RecordIds()
    this.#workers = Array.from({ length: options.count }, (_, index) => new IngestWorker(index, memory, options))
  }

  /** Bytes in generations that are not sealed yet. */
  get openBytes(): number {
    return this.#workers.reduce((sum, each) => sum + each.openBytes, 0)
  }

  /** Returns when what could be accepted is on disk. @throws IngestError */
  store(delivery: ExportRequest, fingerprint: string): Promise<Stored> {
    const idlest = this.#workers.reduce((best, each) => (each.pendingBytes < best.pendingBytes ? each : best))
    return idlest.store(delivery, fingerprint)
  }

  /** Finishes what was given, seals, and ends the threads. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((each) => each.stop()))
  }
}

class IngestWorker {
  readonly #index: number
  readonly #memory: SharedArrayBuffer
  readonly #options: IngestWorkersOptions
  readonly #pending = new Map<number, Pending>()
  #worker: Worker
  #ended = Promise.withResolvers<void>()
  #stopping = false
  #nextId = 0
  pendingBytes = 0
  openBytes = 0

  constructor(index: number, memory: SharedArrayBuffer, options: IngestWorkersOptions) {
    this.#index = index
    this.#memory = memory
    this.#options = options
    this.#worker = this.#start()
  }

  async store(
    { body, space, signal, encoding, compression, sender }: ExportRequest,
    fingerprint: string,
  ): Promise<Stored> {
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Stored>()
    this.#pending.set(id, { resolve, reject })
    this.pendingBytes += body.length
    const { length } = body
    const request: WorkerRequest = {
      kind: 'request',
      id,
      fingerprint,
      receivedAt: Date.now(),
      body,
      space,
      signal,
      encoding,
      compression,
      sender: numberOf(sender?.connection),
    }
    // Nothing is copied if the body's memory is shared.
    this.#worker.postMessage(request)
    try {
      return await promise
    } finally {
      this.pendingBytes -= length
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#worker.postMessage({ kind: 'stop' } satisfies ToWorker)
    await this.#ended.promise
  }

  #start(): Worker {
    const { root, maxBodyBytes, sealAfterMs, limits, nextGeneration, log } = this.#options
    const workerData: WorkerOptions = {
      root,
      maxBodyBytes,
      sealAfterMs,
      worker: this.#index,
      generation: nextGeneration(this.#index),
      recordIds: this.#memory,
      ...(limits && { limits }),
    }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      name: `ingest worker ${this.#index}`,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    worker.on('message', (message: FromWorker) => this.#hear(message))
    worker.on('error', (err) => log.error({ err }, 'an ingest thread failed'))
    worker.on('exit', () => this.#whenEnded())
    return worker
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'sealed') {
      this.openBytes = 0
      this.#options.onSealed(message.generation)
      return
    }
    this.openBytes = message.openBytes
    for (const answer of message.answers) this.#settle(answer)
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if ('stored' in answer) pending?.resolve(answer.stored)
    else pending?.reject(asIngestError(answer.failure))
  }

  /** A thread that ended by itself (out of memory) is replaced; what it committed is recovered before the next starts. */
  #whenEnded(): void {
    for (const { reject } of this.#pending.values()) reject(overloaded('The server failed; send again later.'))
    this.#pending.clear()
    this.openBytes = 0
    if (this.#stopping) this.#ended.resolve()
    else this.#worker = this.#start()
  }
}

function asIngestError({ httpStatus, grpcStatus, message, retryAfter, cause }: Failure): IngestError {
  return Object.assign(new IngestError(httpStatus, grpcStatus, message, retryAfter), { cause })
}
