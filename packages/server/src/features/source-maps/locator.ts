import { Worker } from 'node:worker_threads'
import type { FromLocator, Located, ScriptPlace, ToLocator } from './locator-messages.ts'

interface Pending {
  readonly resolve: (outcome: Located) => void
  readonly reject: (error: Error) => void
}

/** Of the thread's heap: maps that are kept, and one that is being read. Beyond, the thread ends, not the server. */
const headroomMb = 512

/** A thread that finds the places of built scripts in their sources. It starts when it is first asked. */
export class Locator {
  readonly #memory: number
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 0
  #used = 0

  /** @param memory bytes of the maps that are kept ready */
  constructor(memory: number) {
    this.#memory = memory
  }

  /** Bytes that its maps take, about. */
  get used(): number {
    return this.#used
  }

  /** @throws Error when the thread ended over it */
  locate(key: string, places: readonly ScriptPlace[], content?: Uint8Array): Promise<Located> {
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Located>()
    this.#pending.set(id, { resolve, reject })
    this.#worker ??= this.#start()
    const question: ToLocator = { id, key, places, ...(content && { content }) }
    this.#worker.postMessage(question)
    return promise
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(new URL('./locator-thread.ts', import.meta.url), {
      workerData: { memory: this.#memory },
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(this.#memory / 2 ** 20) + headroomMb },
      name: 'source maps',
    })
    worker.unref()
    worker.on('message', ({ id, outcome, memory }: FromLocator) => {
      this.#used = memory
      this.#pending.get(id)?.resolve(outcome)
      this.#pending.delete(id)
    })
    worker.on('error', (error) => this.#ended(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => this.#ended(new Error('The thread ended.')))
    return worker
  }

  /** What waited for it fails; the next question starts another. */
  #ended(error: Error): void {
    this.#worker = undefined
    this.#used = 0
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}
