import type { FastifyBaseLogger } from 'fastify'
import { rollupJob } from '../background/rollups/job.ts'
import { rollups } from '../background/rollups/rollups.ts'
import { sweepJob } from '../background/rollups/sweep.ts'
import { fixedJobs } from '../background/scheduler/jobs.ts'
import { Scheduler } from '../background/scheduler/scheduler.ts'
import type { Config } from '../config/settings.ts'
import { seenVersionsJob } from '../features/annotations/seen-versions.ts'
import type { Foundation } from './foundation.ts'
import { type Role, startInOrder } from './role.ts'

/** Does what recurs, together with the other processes that have this role. */
export function startScheduler(
  config: Pick<Config, 'retention' | 'storage'>,
  { database, clickhouse, receiver, reports }: Foundation,
  log: FastifyBaseLogger,
): Promise<Role> {
  return startInOrder(log, async (stack) => {
    const behindSeconds = () => reports.oldestSeconds(receiver.spool.status().oldestSeconds)
    const scheduler = new Scheduler({
      database,
      alone: config.storage.databaseUrl === undefined,
      kinds: [
        fixedJobs([
          ...rollups.map((rollup) => rollupJob(rollup, clickhouse.connection, config.retention, behindSeconds)),
          sweepJob(rollups, clickhouse.connection),
          seenVersionsJob(database, clickhouse.reader),
        ]),
      ],
      log,
    })
    stack.defer(() => scheduler.stop())
    scheduler.start()
    return {
      probes: {
        scheduler: async () => {
          const [name] = scheduler.failing.keys()
          if (name !== undefined) throw new Error(`${name} fails`)
          return null
        },
      },
    }
  })
}
