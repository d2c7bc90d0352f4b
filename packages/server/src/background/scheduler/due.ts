import { type Database, timeOf } from '../../storage/database/database.ts'
import type { SchedulerTasksTable } from '../../storage/database/tables.ts'

/** A task that is due, with what is remembered of its runs and the token of its shard. */
export interface DueTask extends SchedulerTasksTable {
  readonly token: number
  /** When it was read, epoch ms of the database's clock. */
  readonly now: number
}

/**
 * Reads what is due of all shards that a process holds, in one statement.
 * @param wanted how many at most of each kind
 * @param except shards that are about to be given up
 */
export async function readDue(
  database: Database,
  holder: string,
  wanted: ReadonlyMap<string, number>,
  except: readonly number[],
): Promise<DueTask[]> {
  const [first, ...others] = [...wanted].map(([kind, limit]) => dueOfKind(database, holder, kind, limit, except))
  if (!first) return []
  return others.reduce((all, each) => all.unionAll(each), first).execute()
}

function dueOfKind(database: Database, holder: string, kind: string, limit: number, except: readonly number[]) {
  const now = timeOf(database)
  let due = database
    .selectFrom('scheduler_tasks as task')
    .innerJoin('scheduler_shards as held', 'held.shard', 'task.shard')
    .selectAll('task')
    .select(['held.token', now.as('now')])
    .where('task.kind', '=', kind)
    .where('task.next_due', '<=', now)
    .where('held.holder', '=', holder)
  if (except.length > 0) due = due.where('task.shard', 'not in', except)
  // SQLite takes a limit within a union only in a statement of its own.
  return database.selectFrom(due.orderBy('task.next_due').limit(limit).as('due')).selectAll()
}

/**
 * Makes due at once what is due later than its interval allows: the clock of the database was set back, or the interval became
 * shorter.
 */
export async function pullBack(database: Database, holder: string): Promise<void> {
  const now = timeOf(database)
  await database
    .updateTable('scheduler_tasks')
    .set({ next_due: now })
    .where('shard', 'in', (held) => held.selectFrom('scheduler_shards').select('shard').where('holder', '=', holder))
    .where((task) => task('next_due', '>', task(now, '+', task.ref('interval_ms'))))
    .execute()
}
