import { sql } from 'kysely'
import { type Database, type Transaction, timeOf } from '../../storage/database/database.ts'
import type { SchedulerHistoryTable } from '../../storage/database/tables.ts'
import type { DueTask } from './due.ts'
import type { Finished, Kind, Task } from './kind.ts'
import { lockShards } from './lease.ts'

/** A run that is over and not saved yet. */
export interface FinishedRun {
  readonly kind: Kind
  readonly tasks: readonly DueTask[]
  /** Undefined when it succeeded. */
  readonly error: string | undefined
  readonly result: unknown
  readonly tookMs: number
}

/** A kind failed to save what runs have found. */
export class ResultRefused extends Error {}

/** How many streaks of a task are remembered, besides the present one. */
const streaksKept = 50
const maxErrorLength = 500
/** Of one statement: below the bound of both databases on parameters. */
const maxRows = 500

/**
 * Saves what runs have found together with when their tasks are due next, in one transaction. Of shards that another process has taken
 * over, of tasks that were changed, and of runs that are saved already (the answer to an earlier commit was lost), nothing is
 * saved.
 */
export async function saveRuns(database: Database, holder: string, runs: readonly FinishedRun[]): Promise<void> {
  if (runs.length === 0) return
  await database.transaction().execute(async (transaction) => {
    const shards = new Set(runs.flatMap(({ tasks }) => tasks.map(({ shard }) => shard)))
    const locked = await lockShards(transaction, holder, [...shards])
    const tokens = new Map(locked.map(({ shard, token }) => [shard, token]))
    const updates = runs.flatMap((run) =>
      run.tasks.filter(({ shard, token }) => tokens.get(shard) === token).map((task) => updateOf(task, run)),
    )
    const saved = new Set<string>()
    for (let at = 0; at < updates.length; at += maxRows) {
      for (const key of await updateTasks(transaction, updates.slice(at, at + maxRows))) saved.add(key)
    }
    const ended = updates
      .filter(({ task, ends }) => ends && saved.has(keyOf(task)))
      .map(({ task }) => endedStreak(task))
    for (let at = 0; at < ended.length; at += maxRows) await remember(transaction, ended.slice(at, at + maxRows))
    await saveResults(transaction, runs, saved)
  })
}

export function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}\0${id}`
}

export function taskOf({ kind, id, interval_ms, next_due }: DueTask): Task {
  return { kind, id, intervalMs: interval_ms, due: next_due }
}

interface TaskUpdate {
  readonly task: DueTask
  readonly run: FinishedRun
  readonly outcome: 'succeeded' | 'failed'
  /** Whether a streak of another outcome ends with it. */
  readonly ends: boolean
}

function updateOf(task: DueTask, run: FinishedRun): TaskUpdate {
  const outcome = run.error === undefined ? 'succeeded' : 'failed'
  return { task, run, outcome, ends: task.outcome !== '' && task.outcome !== outcome }
}

/**
 * Times stay on the grid of the interval, and those that have passed are left out: what was missed is done once.
 * @returns keys of the tasks that were as they had been read
 */
async function updateTasks(transaction: Transaction, updates: readonly TaskUpdate[]): Promise<string[]> {
  const now = timeOf(transaction)
  const rows = updates.map(({ task, run, outcome, ends }) => {
    const streak = ends ? task.streak + 1 : task.streak
    const since = ends || task.outcome === '' ? task.now : task.since
    const runs = ends ? 1 : task.runs + 1
    const error = (run.error ?? '').slice(0, maxErrorLength)
    const numbers = [task.next_due, streak, since, runs, task.now, Math.round(run.tookMs)]
    const integers = numbers.map((value) => sql`cast(${value} as bigint)`)
    const texts = [task.kind, task.id, outcome, error].map((value) => sql`cast(${value} as text)`)
    return sql`(${sql.join([...integers, ...texts])})`
  })
  const changed = await sql<{ kind: string; id: string }>`
    WITH ran (ran_due, ran_streak, ran_since, ran_runs, ran_started, ran_ms, ran_kind, ran_id, ran_outcome, ran_error) AS (
      VALUES ${sql.join(rows)}
    )
    UPDATE scheduler_tasks SET
      next_due = ran_due + interval_ms * CASE WHEN ${now} > ran_due THEN (${now} - ran_due) / interval_ms + 1 ELSE 1 END,
      streak = ran_streak, outcome = ran_outcome, since = ran_since, runs = ran_runs,
      last_started = ran_started, last_ms = ran_ms, error = ran_error
    FROM ran
    WHERE kind = ran_kind AND id = ran_id AND next_due = ran_due
    RETURNING kind, id`.execute(transaction)
  return changed.rows.map(keyOf)
}

function endedStreak({ kind, id, streak, outcome, since, last_started, runs, error }: DueTask): SchedulerHistoryTable {
  const failed = outcome === 'failed'
  return {
    kind,
    id,
    slot: streak % streaksKept,
    outcome: failed ? 'failed' : 'succeeded',
    since,
    until: last_started,
    runs,
    error,
  }
}

/** Keeps streaks that are over, each over the oldest of its task. */
async function remember(transaction: Transaction, streaks: readonly SchedulerHistoryTable[]): Promise<void> {
  await transaction
    .insertInto('scheduler_history')
    .values(streaks)
    .onConflict((conflict) =>
      conflict.columns(['kind', 'id', 'slot']).doUpdateSet((row) => ({
        outcome: row.ref('excluded.outcome'),
        since: row.ref('excluded.since'),
        until: row.ref('excluded.until'),
        runs: row.ref('excluded.runs'),
        error: row.ref('excluded.error'),
      })),
    )
    .execute()
}

/** Has each kind save what its runs have found, of the tasks that count. */
async function saveResults(
  transaction: Transaction,
  runs: readonly FinishedRun[],
  saved: ReadonlySet<string>,
): Promise<void> {
  const byKind = Map.groupBy(
    runs.filter(({ error }) => error === undefined),
    ({ kind }) => kind,
  )
  for (const [kind, ofKind] of byKind) {
    const finished: Finished<unknown>[] = ofKind
      .map(({ tasks, result }) => ({ tasks: tasks.filter((task) => saved.has(keyOf(task))).map(taskOf), result }))
      .filter(({ tasks }) => tasks.length > 0)
    if (finished.length === 0 || !kind.save) continue
    await kind.save(transaction, finished).catch((error: unknown) => {
      throw new ResultRefused(`${kind.name} did not save what was found: ${error}`, { cause: error })
    })
  }
}
