import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Block } from '../../src/decode.ts'
import type { EngineReply, EngineRequest } from './process.ts'

/** An engine with the tables of the migrations, empty at first. */
export class Engine {
  readonly #process: ChildProcess
  readonly #folder = mkdtempSync(join(tmpdir(), 'otlp-engine-'))
  readonly #waiting = new Map<number, (reply: EngineReply) => void>()
  #lastId = 0

  private constructor() {
    this.#process = fork(fileURLToPath(new URL('./process.ts', import.meta.url)))
    this.#process.on('message', (reply: EngineReply) => this.#waiting.get(reply.id)?.(reply))
    this.#process.on('exit', (code) => {
      for (const [id, settle] of this.#waiting) settle({ id, error: `the engine ended with code ${code}` })
    })
  }

  static async start(): Promise<Engine> {
    const engine = new Engine()
    await engine.#reply(0)
    return engine
  }

  /** Inserts blocks as they are, each from a file. */
  async insert(blocks: readonly Block[]): Promise<void> {
    for (const { table, bytes } of blocks) {
      const file = join(this.#folder, 'block.native')
      writeFileSync(file, bytes)
      await this.#query(`INSERT INTO ${table} FROM INFILE '${file}' FORMAT Native`, 'CSV')
    }
  }

  async rows<Row>(sql: string): Promise<Row[]> {
    // As the server reads.
    const settings = 'output_format_json_map_as_array_of_tuples = 1, output_format_json_named_tuples_as_objects = 0'
    const text = await this.#query(`${sql} SETTINGS ${settings}`, 'JSONEachRow')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row)
  }

  async stop(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true })
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.disconnect()
    await exit
  }

  async #query(sql: string, format: string): Promise<string> {
    const request: EngineRequest = { id: ++this.#lastId, sql, format }
    const reply = this.#reply(request.id)
    this.#process.send(request)
    return reply
  }

  async #reply(id: number): Promise<string> {
    const reply = await new Promise<EngineReply>((resolve) => this.#waiting.set(id, resolve))
    this.#waiting.delete(id)
    if (reply.error !== undefined) throw new Error(reply.error)
    return reply.text ?? ''
  }
}
