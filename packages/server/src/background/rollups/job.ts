import type { ClickhouseConnection } from '../../storage/clickhouse/connection.ts'
import type { Job } from '../scheduler/jobs.ts'
import { readEarliestLate } from './ledger.ts'
import { keptFrom, runPass } from './pass.ts'
import type { Rollup, SourceRetention } from './rollup.ts'

/**
 * A run looks at what was new lately, and as far back as something has arrived late of late; now and then one looks at everything,
 * for what a crash has left.
 */
const shallowSeconds = 2 * 3600
/** Of one run, for windows that are older than that: the newest ones come first, again, in the next. */
const lateBudgetMs = 10_000
const deepEveryMs = 10 * 60_000

/** Windows of a minute are due each minute, and soon after it; longer ones may come a minute later. */
const everyMsOf = ({ windowSeconds }: Rollup) => (windowSeconds > 60 ? 60_000 : 15_000)

/** What waits longer than this for the engine is no reason to compute nothing of the time since. */
const maxBehindSeconds = 600

/**
 * Keeps a rollup up to date.
 * @param behindSeconds how long what was received waits for the engine. What would be computed of that time would have to be
 * computed again, which would put the engine behind even more
 */
export function rollupJob(
  rollup: Rollup,
  connection: Pick<ClickhouseConnection, 'writer'>,
  retention: SourceRetention,
  behindSeconds = () => 0,
  clock: () => number = Date.now,
): Job {
  let deepAt = Number.NEGATIVE_INFINITY
  const depthOf = async (now: number, least: number) => {
    const from = keptFrom(rollup, retention, now)
    const earliest = await readEarliestLate(connection.writer, rollup.arrivals, from)
    // What begins in it, and what looks back to it: windows begin on whole minutes at least.
    return earliest === undefined ? least : Math.max(least, now - earliest + rollup.windowSeconds + 60)
  }
  return {
    name: `rollup ${rollup.name}`,
    everyMs: everyMsOf(rollup),
    async run(lease, signal) {
      const now = clock() - Math.min(behindSeconds(), maxBehindSeconds) * 1000
      const first = deepAt === Number.NEGATIVE_INFINITY
      const deep = now - deepAt >= deepEveryMs
      const currentSeconds = shallowSeconds + rollup.windowSeconds
      const depth = deep ? {} : { depthSeconds: await depthOf(Math.floor(now / 1000), currentSeconds) }
      let waiting = false
      const onWaiting = () => {
        waiting = true
      }
      await runPass(connection.writer, {
        rollup,
        retention,
        now,
        catchUp: first,
        held: () => lease.held(),
        signal,
        onWaiting,
        late: { budgetMs: lateBudgetMs, currentSeconds },
        ...depth,
      })
      // What waited may be older than a shallow run looks.
      if (deep && !waiting) deepAt = now
    },
  }
}
