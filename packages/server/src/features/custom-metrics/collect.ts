import type { ApplicationItem, SystemItem } from '@burstlet/contract/metrics'
import type { CollectedMetrics } from '@burstlet/contract/own-metrics'
import type { HostSnapshot } from '@burstlet/monitoring/host'
import { version } from '../../config/version.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { nanoseconds } from '../../querying/time/time-range.ts'
import { readApplication } from '../metrics/application.ts'
import { attributesOf, type Intake, type OtlpMetric, store, type TagValue } from './otlp.ts'

const cumulative = 2

/** Reads this host now, stores what was read as ordinary metrics, and answers it with the requests of the last minute. */
export async function collectMetrics(
  intake: Intake,
  context: QueryContext,
  collect: () => Promise<HostSnapshot>,
): Promise<CollectedMetrics> {
  const snapshot = await collect()
  const now = snapshot.timestamp.getTime()
  const [{ items }] = await Promise.all([
    readApplication(context, { from: now - 60_000, to: now }, { interval: 120, limit: 2 }),
    store(intake, context.space, 'burstlet.collect', [
      {
        attributes: {
          'service.name': 'burstlet-monitoring',
          'service.version': version,
          'service.instance.id': `${snapshot.hostname}-${snapshot.process.pid}`,
          'host.name': snapshot.hostname,
        },
        metrics: metricsOf(snapshot),
      },
    ]),
  ])
  return { system: systemOf(snapshot), application: items[0] ?? nothing(now) }
}

function systemOf(snapshot: HostSnapshot): SystemItem {
  const { cpu, memory, disks, network, process } = snapshot
  const sum = (of: (each: (typeof network)[number]) => number) => network.reduce((total, each) => total + of(each), 0)
  return {
    timestamp: snapshot.timestamp.toISOString(),
    host: snapshot.hostname,
    cpu: { usage: cpu.usage === undefined ? null : cpu.usage * 100, loadAverage: cpu.loadAverage, cores: cpu.cores },
    memory: { total: memory.total, used: memory.used, free: memory.available, percentage: memory.usage * 100 },
    disk: disks.map((disk) => ({
      mount: disk.mountPoint,
      total: disk.total,
      used: disk.used,
      available: disk.available,
      percentage: disk.used + disk.available > 0 ? (disk.used / (disk.used + disk.available)) * 100 : 0,
    })),
    network: { bytesReceived: sum((each) => each.receivedBytes), bytesSent: sum((each) => each.transmittedBytes) },
    process: {
      cpu: process.cpuUsage === undefined ? null : (process.cpuUsage / cpu.cores) * 100,
      memory: process.rss,
      uptime: process.uptime,
      eventLoopDelay: process.eventLoopDelay.mean,
    },
  }
}

function nothing(now: number): ApplicationItem {
  return {
    timestamp: new Date(now - 60_000).toISOString(),
    requests: { total: 0, rate: 0, byEndpoint: {}, byMethod: {}, byStatus: {} },
    response: { average: null, median: null, p95: null, p99: null },
    errors: { total: 0, rate: 0, byType: {} },
    activeUsers: 0,
    activeSessions: 0,
  }
}

/** Under the names that the SDK gives them, so that one question finds both. */
function metricsOf(snapshot: HostSnapshot): OtlpMetric[] {
  const { cpu, memory, disks, network, process } = snapshot
  const time = nanoseconds(snapshot.timestamp.getTime())
  const point = (value: number, tags: Record<string, TagValue> = {}) => ({
    timeUnixNano: time,
    asDouble: value,
    attributes: attributesOf(tags),
  })
  const gauge = (name: string, unit: string, ...dataPoints: object[]) => ({ name, unit, gauge: { dataPoints } })
  const counter = (name: string, unit: string, ...dataPoints: object[]) => ({
    name,
    unit,
    sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints },
  })
  const shares =
    cpu.usage === undefined ? [] : [gauge('system.cpu.utilization', '1', point(1 - cpu.usage, { 'cpu.mode': 'idle' }))]
  const own =
    process.cpuUsage === undefined ? [] : [gauge('process.cpu.utilization', '1', point(process.cpuUsage / cpu.cores))]
  return [
    ...shares,
    ...own,
    gauge('system.cpu.logical.count', '{cpu}', point(cpu.cores)),
    ...(['1m', '5m', '15m'] as const).map((span, index) =>
      gauge(`system.cpu.load_average.${span}`, '{thread}', point(cpu.loadAverage[index] ?? 0)),
    ),
    gauge(
      'system.memory.usage',
      'By',
      point(memory.used, { 'system.memory.state': 'used' }),
      point(memory.available, { 'system.memory.state': 'free' }),
    ),
    gauge('system.memory.limit', 'By', point(memory.total)),
    gauge(
      'system.filesystem.usage',
      'By',
      ...disks.flatMap((disk) => {
        const tags = { 'system.device': disk.device, 'system.filesystem.mountpoint': disk.mountPoint }
        return [
          point(disk.used, { ...tags, 'system.filesystem.state': 'used' }),
          point(disk.available, { ...tags, 'system.filesystem.state': 'free' }),
          point(Math.max(0, disk.free - disk.available), { ...tags, 'system.filesystem.state': 'reserved' }),
        ]
      }),
    ),
    counter(
      'system.network.io',
      'By',
      ...network.flatMap((each) => [
        point(each.receivedBytes, { 'system.device': each.interface, 'network.io.direction': 'receive' }),
        point(each.transmittedBytes, { 'system.device': each.interface, 'network.io.direction': 'transmit' }),
      ]),
    ),
    gauge('process.memory.usage', 'By', point(process.rss)),
    gauge('process.uptime', 's', point(process.uptime)),
    gauge('nodejs.eventloop.delay.mean', 's', point(process.eventLoopDelay.mean / 1000)),
  ].filter((metric) => JSON.stringify(metric).includes('timeUnixNano'))
}
