import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { type Database, type Transaction, timeOf } from '../../storage/database/database.ts'
import { shardOf } from './shards.ts'

const noRunYet = { streak: 0, outcome: '', since: 0, runs: 0, last_started: 0, last_ms: 0, error: '' } as const

/** What a feature says of a task. */
export interface NewTask {
  readonly kind: string
  readonly id: string
  readonly intervalMs: number
}

/**
 * Adds a task, or changes the interval of one that is there, in the transaction that stores what it is for. A new one is due first
 * somewhere within its interval, so that many that are added at once do not stay together. What is under way of a changed one does not count:
 * it is done again, due at once.
 */
export async function putTask(transaction: Transaction, { kind, id, intervalMs }: NewTask): Promise<void> {
  const now = timeOf(transaction)
  const spread = Number.parseInt(hash('sha256', `${id}\0${kind}`, 'hex').slice(0, 8), 16) % intervalMs
  await transaction
    .insertInto('scheduler_tasks')
    .values({
      ...{ kind, id, shard: shardOf(kind, id), interval_ms: intervalMs, ...noRunYet },
      next_due: sql<number>`${now} + cast(${spread} as bigint)`,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ interval_ms: intervalMs, next_due: now }))
    .execute()
}

/** Deletes a task and what is remembered of its runs. What is under way of it does not count. */
export async function deleteTask(transaction: Transaction, kind: string, id: string): Promise<void> {
  await transaction.deleteFrom('scheduler_tasks').where('kind', '=', kind).where('id', '=', id).execute()
  await transaction.deleteFrom('scheduler_history').where('kind', '=', kind).where('id', '=', id).execute()
}

/** Makes the rows of a kind those that it is made of: new ones are due at once, and ones of an older version go. */
export async function putFixedTasks(
  database: Database,
  kind: string,
  tasks: readonly { readonly id: string; readonly intervalMs: number }[],
): Promise<void> {
  const now = timeOf(database)
  await database.transaction().execute(async (transaction) => {
    const rows = await transaction
      .selectFrom('scheduler_tasks')
      .select(['id', 'interval_ms'])
      .where('kind', '=', kind)
      .execute()
    const known = new Map(rows.map(({ id, interval_ms }) => [id, interval_ms]))
    for (const { id, intervalMs } of tasks) {
      const interval = known.get(id)
      known.delete(id)
      if (interval === intervalMs) continue
      await transaction
        .insertInto('scheduler_tasks')
        .values({ kind, id, shard: shardOf(kind, id), interval_ms: intervalMs, next_due: now, ...noRunYet })
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ interval_ms: intervalMs }))
        .execute()
    }
    for (const id of known.keys()) await deleteTask(transaction, kind, id)
  })
}
