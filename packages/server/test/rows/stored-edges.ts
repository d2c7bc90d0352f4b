import type { TestEngine } from '../test-engine.ts'
import type { TestEdge } from './calls.ts'

/** The map by minute as it is stored, through the runs that count, of the first tenant; keys as those of `edgesOf`. */
export async function storedEdges({ everything }: TestEngine): Promise<Map<string, TestEdge>> {
  const rows = await everything.query<Record<string, string>>({
    sql: `SELECT toString(toUnixTimestamp64Second(window_start) * 1000) AS minute, source_kind, source, target_kind, target,
  toString(sum(edges_1m.count)) AS count, toString(sum(edges_1m.errors)) AS errors, toString(sum(edges_1m.duration_us)) AS durationUs,
  toString(max(edges_1m.max_us)) AS maxUs
FROM edges_1m
WHERE space = 'default' AND (space, window_start, run) IN (SELECT space, window_start, max(run) FROM rollup_windows WHERE rollup = 'edges_1m' GROUP BY space, window_start)
GROUP BY minute, source_kind, source, target_kind, target`,
  })
  return new Map(
    rows.map((row) => [
      `${row['minute']} ${row['source_kind']}:${row['source']} ${row['target_kind']}:${row['target']}`,
      {
        count: Number(row['count']),
        errors: Number(row['errors']),
        durationUs: Number(row['durationUs']),
        maxUs: Number(row['maxUs']),
      },
    ]),
  )
}
