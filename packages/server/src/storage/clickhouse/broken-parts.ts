import type { FastifyBaseLogger } from 'fastify'
import type { ClickhouseConnection } from './connection.ts'

/** A part of a table that ClickHouse found damaged when it started, and put aside. Its rows are missing. */
export interface BrokenPart {
  readonly table: string
  /** Of the folder below the table's `detached`. */
  readonly name: string
  readonly reason: string
  readonly bytes: number
}

const rememberedMs = 10_000

/** Parts of our tables that were put aside as broken. Each is logged once. */
export class BrokenParts {
  readonly #connection: ClickhouseConnection
  readonly #log: FastifyBaseLogger
  readonly #told = new Set<string>()
  #known: readonly BrokenPart[] = []
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(connection: ClickhouseConnection, log: FastifyBaseLogger) {
    this.#connection = connection
    this.#log = log
  }

  /** As they were some seconds ago. @throws when ClickHouse cannot be asked */
  async list(): Promise<readonly BrokenPart[]> {
    if (performance.now() - this.#askedAt < rememberedMs) return this.#known
    this.#known = await this.#ask()
    this.#askedAt = performance.now()
    for (const part of this.#known) {
      const name = `${part.table} ${part.name}`
      if (!this.#told.has(name)) this.#log.error(part, 'ClickHouse put a part aside as broken; its rows are missing')
      this.#told.add(name)
    }
    return this.#known
  }

  async #ask(): Promise<BrokenPart[]> {
    const result = await this.#connection.writer.query({
      query: `SELECT table, name, reason, bytes_on_disk AS bytes FROM system.detached_parts
        WHERE database = currentDatabase() AND startsWith(reason, 'broken') ORDER BY table, name LIMIT 1000`,
      format: 'JSONEachRow',
    })
    const rows = await result.json<{ table: string; name: string; reason: string; bytes: string }>()
    return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }))
  }
}
