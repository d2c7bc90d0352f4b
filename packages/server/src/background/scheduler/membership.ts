import { randomUUID } from 'node:crypto'
import { type Database, timeOf } from '../../storage/database/database.ts'
import type { Clock } from './clock.ts'
import { pullBack } from './due.ts'
import { Observations } from './observations.ts'
import { changedShards, type HeldShards, shardsToTake } from './share.ts'

export interface MembershipOptions {
  readonly database: Database
  readonly clock: Clock
  /** How often a process says that it lives, ms. */
  readonly beatMs: number
  /** How long others wait for it, ms: several beats. */
  readonly lifetimeMs: number
  /** Whether no other process can have the store (SQLite): whoever is in it is dead. */
  readonly alone: boolean
  /** Makes the ids of processes; random by default. */
  readonly newId?: () => string
  /** Told that shards are held no more. */
  readonly onLost: (shards: readonly number[]) => void
  /** Tells whether something is under way in a shard. */
  readonly isBusy: (shard: number) => boolean
}

/**
 * A process among those that run what recurs: its heartbeat, and the shards that it holds. No clock is compared between machines. A process
 * counts its row up; one whose row others have seen standing still for a lifetime of their own clocks is taken out, and
 * its shards are free. Who holds a shard too many gives it up, as soon as nothing is under way in it.
 */
export class Membership {
  readonly #options: MembershipOptions
  readonly #observations: Observations
  readonly #held: HeldShards = new Map()
  readonly #leaving = new Set<number>()
  #id: string | undefined
  #nextId: string | undefined
  #confirmedAt = Number.NEGATIVE_INFINITY
  #databaseTime = 0

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#observations = new Observations(options)
  }

  /** Undefined while it belongs to nobody. */
  get id(): string | undefined {
    return this.#id
  }

  /** Shards with their tokens. */
  get held(): ReadonlyMap<number, number> {
    return this.#held
  }

  /** Shards in which nothing new is begun, since another process is to have them. */
  get leaving(): ReadonlySet<number> {
    return this.#leaving
  }

  /** Whether others still wait for this process; a margin is left, within which its runs end. */
  get isAlive(): boolean {
    const { clock, lifetimeMs } = this.#options
    return this.#id !== undefined && clock.now() - this.#confirmedAt < lifetimeMs * 0.75
  }

  /** Says that this process lives; joins when it does not belong to the others, or not any more. */
  async beat(): Promise<void> {
    const { database, clock } = this.#options
    const sentAt = clock.now()
    const id = this.#id
    if (id === undefined) return this.#join(sentAt)
    const row = await database
      .updateTable('scheduler_processes')
      .set((expression) => ({ beat: expression('beat', '+', 1) }))
      .where('id', '=', id)
      .returning(timeOf(database).as('now'))
      .executeTakeFirst()
    // The answer may be so late that another beat has had one.
    if (this.#id !== id) return
    if (!row) {
      this.#lose()
      return
    }
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt)
    const wasSetBack = row.now < this.#databaseTime
    if (wasSetBack) await pullBack(database, id)
    this.#databaseTime = row.now
  }

  async #join(sentAt: number): Promise<void> {
    const { database, newId = randomUUID } = this.#options
    // The same one until there is an answer: one that was lost must leave no process behind that nobody is.
    this.#nextId ??= newId()
    const id = this.#nextId
    await database
      .insertInto('scheduler_processes')
      .values({ id, beat: 0, joined_at: timeOf(database) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    if (this.#nextId !== id) return
    this.#nextId = undefined
    this.#id = id
    this.#confirmedAt = sentAt
  }

  /** Takes out processes that stand still, and brings the shards of this one to its share. */
  async balance(): Promise<void> {
    const { database, alone } = this.#options
    const id = this.#id
    if (id === undefined) return
    const processes = await this.#observations.read(database)
    const dead = processes.filter((each) => each.id !== id && (alone || this.#observations.isDead(each.id)))
    for (const each of dead) await this.#takeOut(each.id, each.beat)
    const alive = processes.filter((each) => !dead.includes(each)).map((each) => each.id)
    const rank = alive.indexOf(id)
    if (rank < 0) return
    const shards = await database.selectFrom('scheduler_shards').selectAll().orderBy('shard').execute()
    if (this.#id !== id) return
    this.#follow(shards, id)
    if (shards.some(({ holder }) => holder !== null && !alive.includes(holder))) await this.#freeOrphans()
    const free = shards.filter(({ holder }) => holder === null).map(({ shard }) => shard)
    const { take, leave } = shardsToTake(this.#held, free, { rank, processes: alive.length }, this.#options.isBusy)
    this.#leaving.clear()
    for (const shard of leave) this.#leaving.add(shard)
    await this.#giveUp(
      leave.filter((shard) => !this.#options.isBusy(shard)),
      id,
    )
    if (take.length > 0) await this.#take(take, id)
  }

  /** Gives everything back at once. */
  async leave(): Promise<void> {
    const id = this.#id
    if (id === undefined) return
    this.#lose()
    await this.#options.database.transaction().execute(async (transaction) => {
      await transaction.updateTable('scheduler_shards').set({ holder: null }).where('holder', '=', id).execute()
      await transaction.deleteFrom('scheduler_processes').where('id', '=', id).execute()
    })
  }

  #lose(): void {
    this.#id = undefined
    this.#leaving.clear()
    const lost = [...this.#held.keys()]
    this.#held.clear()
    this.#options.onLost(lost)
  }

  /** What the store says of shards counts: an answer may have been lost. */
  #follow(shards: readonly { shard: number; holder: string | null; token: number }[], id: string): void {
    const lost = changedShards(this.#held, shards, id)
    for (const { shard, holder, token } of shards) if (holder === id) this.#held.set(shard, token)
    if (lost.length > 0) this.#options.onLost(lost)
  }

  async #takeOut(dead: string, beat: number): Promise<void> {
    await this.#options.database.transaction().execute(async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('scheduler_processes')
        .where('id', '=', dead)
        .where('beat', '=', beat)
        .executeTakeFirst()
      if (numDeletedRows === 0n) return
      await transaction.updateTable('scheduler_shards').set({ holder: null }).where('holder', '=', dead).execute()
    })
  }

  /** A process that was taken out while it took shards has left them behind. */
  async #freeOrphans(): Promise<void> {
    await this.#options.database
      .updateTable('scheduler_shards')
      .set({ holder: null })
      .where('holder', 'is not', null)
      .where('holder', 'not in', (known) => known.selectFrom('scheduler_processes').select('id'))
      .execute()
  }

  async #giveUp(shards: readonly number[], id: string): Promise<void> {
    if (shards.length === 0) return
    for (const shard of shards) this.#held.delete(shard)
    await this.#options.database
      .updateTable('scheduler_shards')
      .set({ holder: null })
      .where('holder', '=', id)
      .where('shard', 'in', shards)
      .execute()
    for (const shard of shards) this.#leaving.delete(shard)
  }

  async #take(shards: readonly number[], id: string): Promise<void> {
    const { database } = this.#options
    const taken = await database
      .updateTable('scheduler_shards')
      .set((expression) => ({ holder: id, token: expression('token', '+', 1) }))
      .where('holder', 'is', null)
      .where('shard', 'in', shards)
      .where(({ exists, selectFrom }) => exists(selectFrom('scheduler_processes').select('id').where('id', '=', id)))
      .returning(['shard', 'token'])
      .execute()
    if (this.#id !== id) return
    for (const { shard, token } of taken) this.#held.set(shard, token)
    // Meanwhile the clock may have been set back.
    if (taken.length > 0) await pullBack(database, id)
  }
}
