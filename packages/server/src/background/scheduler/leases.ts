import { randomUUID } from 'node:crypto'
import type { Database } from '../../storage/database/database.ts'

/** Work that one process at a time may do. */
export interface Lease {
  readonly name: string
  /** Grows by one with every change of hands; who holds an older one holds nothing. */
  readonly token: number
}

interface Observed {
  readonly token: number
  readonly beat: number
  /** Of this process's own clock. */
  readonly since: number
}

/**
 * Leases in the relational store, so that N replicas do a piece of work once. No clock is compared between machines: a
 * holder counts its row up, and who wants the lease takes it over after having watched the row stand still for
 * `lifetimeMs` of its own time. A process that stops in order gives its leases back at once.
 */
export class Leases {
  readonly #database: Database
  readonly #lifetimeMs: number
  readonly #holder = randomUUID()
  readonly #observed = new Map<string, Observed>()

  constructor(database: Database, lifetimeMs = 30_000) {
    this.#database = database
    this.#lifetimeMs = lifetimeMs
  }

  /** Takes the lease when nobody holds it, or keeps it. @returns undefined when another process holds it */
  async acquire(name: string): Promise<Lease | undefined> {
    await this.#database
      .insertInto('leases')
      .values({ name, holder: '', token: 0, beat: 0 })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const row = await this.#database.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
    const token = Number(row.token)
    const beat = Number(row.beat)
    if (row.holder === this.#holder) return (await this.#beat(name, token)) ? { name, token } : undefined
    if (row.holder !== '' && !this.#standsStill(name, token, beat)) return undefined
    const { numUpdatedRows } = await this.#database
      .updateTable('leases')
      .set({ holder: this.#holder, token: token + 1, beat: 0 })
      .where('name', '=', name)
      .where('token', '=', token)
      .where('beat', '=', beat)
      .where('holder', '=', row.holder)
      .executeTakeFirst()
    return numUpdatedRows === 1n ? { name, token: token + 1 } : undefined
  }

  /** Says that the holder is alive. @returns false when the lease has gone to another process */
  renew(lease: Lease): Promise<boolean> {
    return this.#beat(lease.name, lease.token)
  }

  /** Gives back what this process holds. */
  async release(): Promise<void> {
    await this.#database.updateTable('leases').set({ holder: '' }).where('holder', '=', this.#holder).execute()
  }

  async #beat(name: string, token: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable('leases')
      .set((expression) => ({ beat: expression('beat', '+', 1) }))
      .where('name', '=', name)
      .where('token', '=', token)
      .where('holder', '=', this.#holder)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }

  #standsStill(name: string, token: number, beat: number): boolean {
    const now = performance.now()
    const before = this.#observed.get(name)
    if (before?.token === token && before.beat === beat) return now - before.since >= this.#lifetimeMs
    this.#observed.set(name, { token, beat, since: now })
    return false
  }
}
