import type { Kind } from './kind.ts'
import type { Lease } from './lease.ts'

/** Something of the server's own that recurs: one fixed row. */
export interface Job {
  /** Id of its row. */
  readonly name: string
  readonly everyMs: number
  run(lease: Lease, signal: AbortSignal): Promise<void>
}

/** Long enough for a rollup that catches up; what is left is for its next run. */
const timeoutMs = 600_000

/** The server's own jobs as a kind. */
export function fixedJobs(jobs: readonly Job[]): Kind<void> {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  return {
    name: 'job',
    fixed: jobs.map(({ name, everyMs }) => ({ id: name, intervalMs: everyMs })),
    concurrency: jobs.length,
    timeoutMs,
    async run(tasks, lease, signal) {
      for (const { id } of tasks) await byName.get(id)?.run(lease, signal)
    },
  }
}
