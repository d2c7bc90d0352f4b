import { type Database, isPostgres, type Transaction } from '../../storage/database/database.ts'

/** The right to do what is due in some shards, as long as no other process has taken one of them over. */
export interface Lease {
  /** Asks the store whether it is still held; to be asked before what cannot be undone. */
  held(): Promise<boolean>
  /**
   * Makes statements in one transaction that counts only while the lease is held: a process that stood still and wakes up changes
   * nothing. Whether a transaction counted is not known when its connection broke, so that it must bear being repeated.
   * @throws LeaseLost before anything is changed when another process has taken over
   */
  fenced<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
}

export class LeaseLost extends Error {
  constructor() {
    super('another process has taken over')
  }
}

/** Shards with their tokens, held by a process. */
export class ShardLease implements Lease {
  readonly #database: Database
  readonly #holder: string
  readonly #tokens: ReadonlyMap<number, number>

  constructor(database: Database, holder: string, tokens: ReadonlyMap<number, number>) {
    this.#database = database
    this.#holder = holder
    this.#tokens = tokens
  }

  async held(): Promise<boolean> {
    const rows = await this.#database
      .selectFrom('scheduler_shards')
      .select(['shard', 'token'])
      .where('holder', '=', this.#holder)
      .where('shard', 'in', [...this.#tokens.keys()])
      .execute()
    return this.#areAllAmong(rows)
  }

  fenced<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#database.transaction().execute(async (transaction) => {
      const rows = await lockShards(transaction, this.#holder, [...this.#tokens.keys()])
      if (!this.#areAllAmong(rows)) throw new LeaseLost()
      return work(transaction)
    })
  }

  #areAllAmong(rows: readonly { shard: number; token: number }[]): boolean {
    const found = new Map(rows.map(({ shard, token }) => [shard, token]))
    return [...this.#tokens].every(([shard, token]) => found.get(shard) === token)
  }
}

/**
 * Keeps shards from changing hands until the transaction ends: on PostgreSQL by locking their rows, always in the same order; on SQLite
 * a transaction has the whole database to itself from its beginning.
 * @returns those that the process still holds
 */
export function lockShards(
  transaction: Transaction,
  holder: string,
  shards: readonly number[],
): Promise<{ shard: number; token: number }[]> {
  const held = transaction
    .selectFrom('scheduler_shards')
    .select(['shard', 'token'])
    .where('holder', '=', holder)
    .where('shard', 'in', shards)
    .orderBy('shard')
  return (isPostgres(transaction) ? held.forUpdate() : held).execute()
}
