import type { Transaction } from '../../storage/database/database.ts'
import type { Lease } from './lease.ts'

/** What is due: a row of `scheduler_tasks`. */
export interface Task {
  readonly kind: string
  /** Unique within its kind. */
  readonly id: string
  readonly intervalMs: number
  /** When it became due, epoch ms of the database's clock. */
  readonly due: number
}

/** What a run found, of those of its tasks that nobody has changed or deleted meanwhile. */
export interface Finished<Result> {
  readonly tasks: readonly Task[]
  readonly result: Result
}

/** A sort of thing that recurs, and how it is done. */
export interface Kind<Result = unknown> {
  /** Value of `kind` in its rows; never changes once released. */
  readonly name: string
  /** Rows that are there without anybody adding them. */
  readonly fixed?: readonly { readonly id: string; readonly intervalMs: number }[]
  /** How many runs a process has under way at once. */
  readonly concurrency: number
  /** How many due tasks one run gets at most: 1 unless told otherwise. */
  readonly batch?: number
  /** How long a run may take before its signal aborts, ms. */
  readonly timeoutMs: number
  /**
   * Does what is due. What it changes on its way goes through `lease.fenced`, or through `save` afterwards.
   * @param signal aborts when the time is up, the lease is lost or the process stops
   * @throws when it failed: its tasks are tried again when they are due next
   */
  run(tasks: readonly Task[], lease: Lease, signal: AbortSignal): Promise<Result>
  /**
   * Saves what runs that succeeded have found, many together, in the transaction that sets when their tasks are due next: exactly
   * once for a due time. Makes statements of the transaction and nothing else, since it may be undone and repeated.
   */
  save?(transaction: Transaction, finished: readonly Finished<Result>[]): Promise<void>
}
