import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../store.ts'
import type { Manifest } from './manifest.ts'

/** Tables of an item, with all that is derived from it. */
const tables = {
  span: {
    ours: 'spans trace_index red_1m red_service_1m red_1h red_service_1h red_service_10m span_arrivals edges_1m edges_1h activity_1m activity_1h rollup_windows',
    theirs: 'otel_traces otel_traces_trace_id_ts',
  },
  log: { ours: 'logs log_levels_1m', theirs: 'otel_logs' },
}

/** Up to so many rows every table is merged to one part a day, as they come to be by themselves when there are more. */
const maxToMerge = 20_000_000

/** Bytes on disk of a span and of a log, once merges are done. */
export async function bytesOf(
  store: Store,
  data: Manifest,
  whose: 'ours' | 'both',
  tell: (line: string) => void,
): Promise<Manifest['bytes']> {
  const sizes: Manifest['bytes'] = []
  for (const [item, { ours, theirs }] of Object.entries(tables)) {
    const rows = item === 'span' ? data.spans : data.logs
    if (rows === 0) continue
    if (rows <= maxToMerge) {
      for (const table of ours.split(' ')) await mergeTable(store, `burstlet.${table}`, tell)
      if (whose === 'both') for (const table of theirs.split(' ')) await mergeTable(store, `otel.${table}`, tell)
    }
    await mergesQuiet(store, tell)
    const each = async (database: string, names: string) =>
      (await bytesOnDisk(store, database, names.split(' '))) / rows
    sizes.push({
      item,
      ours: await each('burstlet', ours),
      ...(whose === 'both' && { theirs: await each('otel', theirs) }),
    })
  }
  return sizes
}

export async function mergeTable(store: Store, table: string, tell: (line: string) => void): Promise<void> {
  tell(`merging ${table}`)
  await store.ask(`OPTIMIZE TABLE ${table} FINAL SETTINGS optimize_skip_merged_partitions = 1`)
}

export async function bytesOnDisk(store: Store, database: string, names: readonly string[]): Promise<number> {
  const list = names.map((name) => `'${name}'`).join(', ')
  return Number(
    await store.ask(
      `SELECT sum(bytes_on_disk) FROM system.parts WHERE database = '${database}' AND table IN (${list}) AND active`,
    ),
  )
}

/** Returns when no merge has run for some seconds. */
export async function mergesQuiet(store: Store, tell: (line: string) => void): Promise<void> {
  for (let quiet = 0; quiet < 5; await sleep(1000)) {
    const running = Number(await store.ask('SELECT count() FROM system.merges'))
    quiet = running === 0 ? quiet + 1 : 0
    if (running > 0) tell(`${running} merges run`)
  }
}
