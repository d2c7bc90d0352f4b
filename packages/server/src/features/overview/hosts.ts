import type { SystemItem } from '@burstlet/contract/metrics'
import type { HostNow } from '@burstlet/contract/overview'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { systemItems } from '../metrics/system.ts'
import { readHostValues } from '../metrics/system-values.ts'

/** What the first page shows of a host; without network and processes. */
const shown = [
  'system.cpu.utilization',
  'system.cpu.time',
  'system.cpu.logical.count',
  'system.cpu.load_average.1m',
  'system.memory.usage',
  'system.memory.utilization',
  'system.memory.limit',
  'system.filesystem.usage',
]

/** Hosts that reported in the range, each with its newest values, by name. */
export async function readHosts(context: QueryContext, range: TimeRange, step: number): Promise<HostNow[]> {
  const values = await readHostValues(context, range, step, undefined, shown)
  const newest = new Map<string, number>()
  for (const { host, newest: at } of values) newest.set(host, Math.max(newest.get(host) ?? 0, Number(at)))
  return [...Map.groupBy(systemItems(values), ({ host }) => host)]
    .map(([host, items]) => hostNow(host, items, newest.get(host) ?? 0))
    .sort((a, b) => (a.host < b.host ? -1 : 1))
}

/** @param items newest first */
function hostNow(host: string, items: readonly SystemItem[], newest: number): HostNow {
  const latest = <Value>(pick: (item: SystemItem) => Value | null | undefined): Value | null => {
    for (const item of items) {
      const value = pick(item)
      if (value !== null && value !== undefined) return value
    }
    return null
  }
  const series = (pick: (item: SystemItem) => number | null) =>
    items.map((item): [number, number | null] => [Date.parse(item.timestamp), pick(item)]).reverse()
  return {
    host,
    timestamp: new Date(newest).toISOString(),
    cpu: latest(({ cpu }) => cpu.usage),
    memory: latest(({ memory }) => memory.percentage),
    disk: latest(({ disk }) => fullest(disk)),
    load: latest(({ cpu }) => cpu.loadAverage[0]),
    cores: latest(({ cpu }) => cpu.cores),
    series: { cpu: series(({ cpu }) => cpu.usage), memory: series(({ memory }) => memory.percentage) },
  }
}

function fullest(disks: SystemItem['disk']): number | null {
  const shares = disks.map(({ percentage }) => percentage).filter((share) => share !== null)
  return shares.length === 0 ? null : Math.max(...shares)
}
