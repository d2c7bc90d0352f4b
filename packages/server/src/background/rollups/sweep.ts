import type { ClickhouseConnection } from '../../storage/clickhouse/connection.ts'
import type { Job } from '../scheduler/jobs.ts'
import type { Rollup } from './rollup.ts'

/** Runs that began before this may be taken for over, whether they were made to count or not. */
const settledMs = 3_600_000
/** Rows of one table that are worth a rewrite of the parts that they are in. */
const worthwhile = 100_000

/** Takes out the rows of windows that have been computed again since. Nobody reads them, so it is done seldom. */
export function sweepJob(rollups: readonly Rollup[], connection: Pick<ClickhouseConnection, 'writer'>): Job {
  return {
    name: 'sweep of rollups',
    everyMs: 3_600_000,
    async run(lease, signal) {
      for (const rollup of rollups) {
        for (const table of rollup.tables) {
          if (signal.aborted || !(await lease.held())) return
          await sweep(connection, rollup.name, table, worthwhile)
        }
      }
    },
  }
}

/** @returns how many rows were replaced ones */
export async function sweep(
  connection: Pick<ClickhouseConnection, 'writer'>,
  rollup: string,
  table: string,
  least: number,
  now = Date.now(),
): Promise<number> {
  const query_params = { rollup, before: String(BigInt(now - settledMs) << 20n) }
  const replaced = `run < {before:UInt64} AND (space, window_start, run) NOT IN (
    SELECT space, window_start, max(run) FROM rollup_windows WHERE rollup = {rollup:String} GROUP BY space, window_start
  )`
  const { writer } = connection
  const result = await writer.query({
    query: `SELECT toUInt32(count()) AS rows FROM ${table} WHERE ${replaced}`,
    query_params,
    format: 'JSONEachRow',
  })
  const [found] = await result.json<{ rows: number }>()
  const rows = found?.rows ?? 0
  if (rows >= least) await writer.command({ query: `DELETE FROM ${table} WHERE ${replaced}`, query_params })
  return rows
}
