import type { ClickhouseConnection } from '../clickhouse/connection.ts'
import type { Job } from '../scheduler/scheduler.ts'
import { runPass } from './pass.ts'
import type { Rollup, SourceRetention } from './rollup.ts'

/** Most runs look at what was new lately; now and then one looks at everything, for spans that came very late. */
const shallowSeconds = 2 * 3600
const deepEveryMs = 10 * 60_000

/** Windows of a minute are due each minute, and soon after it; longer ones may come a minute later. */
const everyMsOf = ({ windowSeconds }: Rollup) => (windowSeconds > 60 ? 60_000 : 15_000)

/** What waits longer than this for the engine is no reason to compute nothing of the time since. */
const mostBehindSeconds = 600

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
): Job {
  let deepAt = Number.NEGATIVE_INFINITY
  return {
    name: `rollup ${rollup.name}`,
    everyMs: everyMsOf(rollup),
    async run(held, signal) {
      const now = Date.now() - Math.min(behindSeconds(), mostBehindSeconds) * 1000
      const first = deepAt === Number.NEGATIVE_INFINITY
      const deep = now - deepAt >= deepEveryMs
      const depth = deep ? {} : { depthSeconds: shallowSeconds + rollup.windowSeconds }
      let waiting = false
      const onWaiting = () => {
        waiting = true
      }
      await runPass(connection.writer, { rollup, retention, now, catchUp: first, held, signal, onWaiting, ...depth })
      // What waited may be older than a shallow run looks.
      if (deep && !waiting) deepAt = now
    },
  }
}
