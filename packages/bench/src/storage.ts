// `npm run bench -- storage`: bytes on disk after merges, beside the exporter's default schema with the same payloads.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { buildCollector } from './collector/build-collector.ts'
import { type LoadOptions, prepareLoad } from './load/start.ts'
import { database, startBurstletBeforeEngine } from './subjects/burstlet.ts'
import { startCollector } from './subjects/collector.ts'
import type { StoringSubject } from './subjects/subject.ts'

type Stored = Pick<LoadOptions, 'signal' | 'kinds'>
const loads: Record<string, Stored> = {
  span: { signal: 'traces' },
  log: { signal: 'logs' },
  sum: { signal: 'metrics', kinds: ['sum'] },
  gauge: { signal: 'metrics', kinds: ['gauge'] },
  histogram: { signal: 'metrics', kinds: ['histogram'] },
}
const items = 512

/** Prints the table; with `--columns` also what each column and index of ours takes. */
export async function storage(args: string[]): Promise<void> {
  const { count, columns, only } = z
    .object({
      count: z.coerce.number().int().positive(),
      columns: z.boolean(),
      only: z.enum(['all', ...Object.keys(loads)]),
    })
    .parse(
      parseArgs({
        args,
        options: {
          count: { type: 'string', default: '500000' },
          columns: { type: 'boolean', default: false },
          only: { type: 'string', default: 'all' },
        },
      }).values,
    )
  const status = (text: string) => process.stderr.write(`▸ ${text}\n`)
  const collector = await buildCollector(status)
  const rows: Record<string, string | number>[] = []
  for (const [name, load] of Object.entries(loads).filter(([each]) => only === 'all' || only === each)) {
    status(`${name}: ours`)
    const ours = await sizes(await startBurstletBeforeEngine(), database, load, count)
    if (columns) console.table(ours.columns.slice(0, 60))
    status(`${name}: the exporter's schema`)
    const theirs = collector && (await sizes(await startCollector(collector, 'engine'), 'otel', load, count))
    rows.push({
      item: name,
      'bytes, ours': ours.bytesPerItem.toFixed(2),
      ...(theirs && {
        "bytes, exporter's": theirs.bytesPerItem.toFixed(2),
        'ours / theirs': (ours.bytesPerItem / theirs.bytesPerItem).toFixed(2),
      }),
    })
  }
  console.table(rows)
  process.stdout.write(`Bytes on disk for each of ${count} items after OPTIMIZE FINAL: all tables, indexes, rollups.\n`)
}

async function sizes(subject: StoringSubject, of: string, stored: Stored, count: number) {
  try {
    const requests = Math.ceil(count / items)
    const { otlpHttp: address } = subject
    const options = { address, items, requests, distinct: requests, connections: 4, gzip: false, ...stored }
    const load = await prepareLoad(options)
    await load.run()
    const total = requests * items
    await subject.stored(stored.signal, total)
    const tables = lines(
      await subject.ask(`SELECT name FROM system.tables WHERE database = '${of}' AND engine LIKE '%MergeTree'`),
    )
    for (const [table] of tables) await subject.ask(`OPTIMIZE TABLE ${of}.\`${table}\` FINAL`)
    const bytes = await subject.ask(`SELECT sum(bytes_on_disk) FROM system.parts WHERE database = '${of}' AND active`)
    const parts = lines(await subject.ask(bytesByColumn(of)))
    return {
      bytesPerItem: Number(bytes) / total,
      columns: parts.map(([table, part, size]) => ({
        table,
        part,
        'bytes an item': (Number(size) / total).toFixed(2),
      })),
    }
  } finally {
    await subject.stop()
  }
}

const bytesByColumn = (of: string) => `
  SELECT * FROM (
    SELECT table, column AS part, sum(column_bytes_on_disk) AS bytes FROM system.parts_columns
    WHERE database = '${of}' AND active GROUP BY table, column
    UNION ALL
    SELECT table, 'index ' || name AS part, data_compressed_bytes + marks_bytes AS bytes
    FROM system.data_skipping_indices WHERE database = '${of}'
  ) ORDER BY bytes DESC`

function lines(text: string): string[][] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
}
