import type { SystemItem, SystemResponse } from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { chooseInterval, type TimeRange } from '../../querying/time/time-range.ts'
import { type HostValue, readHostValues } from './system-values.ts'

/** Hosts by interval, newest first; of one time by name. */
export async function readSystem(
  context: QueryContext,
  range: TimeRange,
  question: { host?: string | undefined; interval?: number | undefined; limit: number },
): Promise<SystemResponse> {
  const intervalSeconds = chooseInterval(range, 200, 10, question.interval)
  const values = await readHostValues(context, range, intervalSeconds, question.host)
  const items = systemItems(values)
  return { items: items.slice(0, question.limit), nextCursor: null, intervalSeconds }
}

/** Values as one item for each host and interval. */
export function systemItems(values: readonly HostValue[]): SystemItem[] {
  const groups = Map.groupBy(values, ({ host, bucket }) => JSON.stringify([host, bucket]))
  return [...groups.values()]
    .map((group) => itemOf(group))
    .sort((a, b) => (a.timestamp === b.timestamp ? (a.host < b.host ? -1 : 1) : a.timestamp < b.timestamp ? 1 : -1))
}

function itemOf(values: readonly HostValue[]): SystemItem {
  const { host, bucket } = values[0]!
  const of = (metric: string) => values.filter((value) => value.metric === metric)
  const mean = (metric: string) => of(metric)[0]?.mean ?? null
  const most = (metric: string) => of(metric)[0]?.most ?? null
  const loads = ['1m', '5m', '15m'].map((span) => mean(`system.cpu.load_average.${span}`))
  const processCpu = most('process.cpu.utilization')
  return {
    timestamp: new Date(Number(bucket)).toISOString(),
    host,
    cpu: {
      usage: cpuUsage(of('system.cpu.utilization'), of('system.cpu.time')),
      loadAverage: loads.filter((load) => load !== null),
      cores: coresOf(values),
    },
    memory: memoryOf(of('system.memory.usage'), of('system.memory.utilization'), mean('system.memory.limit')),
    disk: disksOf(of('system.filesystem.usage')),
    network: {
      bytesReceived: of('system.network.io').find(({ state }) => state === 'receive')?.gained ?? null,
      bytesSent: of('system.network.io').find(({ state }) => state === 'transmit')?.gained ?? null,
    },
    process: {
      cpu: processCpu === null ? null : processCpu * 100,
      memory: most('process.memory.usage'),
      uptime: most('process.uptime'),
      eventLoopDelay: delayMs(most('nodejs.eventloop.delay.mean') ?? most('nodejs.eventloop.delay.p99')),
    },
  }
}

/** The conventions have this one in seconds. */
function delayMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000
}

/** From shares when they are sent, else from the time that was spent in each mode. Percent. */
function cpuUsage(shares: readonly HostValue[], times: readonly HostValue[]): number | null {
  const idle = shares.find(({ state }) => state === 'idle')
  if (idle) return clamp((1 - idle.mean) * 100)
  const busy = shares.filter(({ state }) => state !== 'idle').reduce((sum, { mean }) => sum + mean, 0)
  if (shares.length > 0) return clamp(busy * 100)
  const total = times.reduce((sum, { gained }) => sum + gained, 0)
  if (total <= 0) return null
  const idleTime = times.find(({ state }) => state === 'idle')?.gained ?? 0
  return clamp((1 - idleTime / total) * 100)
}

function coresOf(values: readonly HostValue[]): number | null {
  const sent = values.find(({ metric }) => metric === 'system.cpu.logical.count')
  if (sent) return Math.round(sent.mean)
  const counted = Math.max(
    0,
    ...values.filter(({ metric }) => metric.startsWith('system.cpu.')).map(({ cores }) => Number(cores)),
  )
  return counted > 0 ? counted : null
}

/** The states (used, free, cached, …) add up to the whole. */
function memoryOf(
  usage: readonly HostValue[],
  shares: readonly HostValue[],
  limit: number | null,
): SystemItem['memory'] {
  const share = shares.find(({ state }) => state === 'used')?.mean
  const used = usage.find(({ state }) => state === 'used')?.mean ?? null
  const free = usage.find(({ state }) => state === 'free')?.mean ?? null
  const sum = usage.reduce((total, { mean }) => total + mean, 0)
  const total = limit ?? (usage.length > 0 ? sum : null)
  const percentage = used !== null && total ? (used / total) * 100 : share === undefined ? null : share * 100
  return { total, used, free, percentage: percentage === null ? null : clamp(percentage) }
}

function disksOf(usage: readonly HostValue[]): SystemItem['disk'] {
  return [...Map.groupBy(usage, ({ mount }) => mount)]
    .map(([mount, states]) => {
      const of = (wanted: string) => states.find(({ state }) => state === wanted)?.mean ?? null
      const total = states.reduce((sum, { mean }) => sum + mean, 0)
      const used = of('used')
      const available = of('free')
      // As df has it: what only root may use is neither used nor available.
      const usable = (used ?? 0) + (available ?? 0)
      const percentage = used !== null && usable > 0 ? clamp((used / usable) * 100) : null
      return { mount, total, used, available, percentage }
    })
    .sort((a, b) => (a.mount < b.mount ? -1 : 1))
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent))
}
