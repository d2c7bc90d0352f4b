import { randomInt } from 'node:crypto'
import { hex, pick, resourceOf, text } from './realistic.ts'
import { markedTraceId, type RequestPool, requestPool } from './request-pool.ts'

const bounds = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000]
const routes = ['/videos/:id', '/videos', '/search', '/users/:id', '/uploads']

export const pointKinds = ['sum', 'gauge', 'histogram'] as const
export type PointKind = (typeof pointKinds)[number]

/** Between two points of a series. */
const intervalMs = 15_000

/** Points of the kinds in equal parts, with 4 attributes each; the same series in every request, some seconds later. */
export function pointRequests(
  pointsPerRequest: number,
  distinct?: number,
  kinds: readonly PointKind[] = pointKinds,
): RequestPool {
  const perMetric = Math.floor(pointsPerRequest / kinds.length)
  const first = Date.now() - 6 * 3_600_000
  const build = (request: number) => {
    const time = String(BigInt(first + request * intervalMs) * 1_000_000n)
    const exemplars = [
      { timeUnixNano: time, asDouble: 1, traceId: markedTraceId(request), spanId: Buffer.from(hex(8), 'hex') },
    ]
    const points = <Value extends object>(value: () => Value) =>
      Array.from({ length: perMetric }, (_, index) => ({
        attributes: [
          text('http.route', routes[index % routes.length] ?? ''),
          text('http.request.method', index % 2 ? 'GET' : 'POST'),
          text('worker', `worker-${index}`),
          text('region', 'eu-west-1'),
        ],
        startTimeUnixNano: '1767225600000000000',
        timeUnixNano: time,
        // The first carries the mark that makes the bytes of each request differ.
        ...(index === 0 && { exemplars }),
        ...value(),
      }))
    const temporality = { aggregationTemporality: 2 }
    const metrics: Record<PointKind, () => object> = {
      sum() {
        const dataPoints = points(() => ({ asInt: randomInt(1_000_000) }))
        return { name: 'bench.requests', unit: '{request}', sum: { ...temporality, isMonotonic: true, dataPoints } }
      },
      gauge() {
        const dataPoints = points(() => ({ asDouble: randomInt(1000) / 4 }))
        return { name: 'bench.queue', unit: '{job}', gauge: { dataPoints } }
      },
      histogram() {
        return { name: 'bench.duration', unit: 'ms', histogram: { ...temporality, dataPoints: points(histogram) } }
      },
    }
    const scopeMetrics = [{ scope: { name: 'bench' }, metrics: kinds.map((kind) => metrics[kind]()) }]
    return { resourceMetrics: [{ resource: resourceOf(request), scopeMetrics }] }
  }
  return requestPool('metrics', perMetric * kinds.length, build, distinct)
}

function histogram() {
  const bucketCounts = Array.from({ length: bounds.length + 1 }, () => pick([0, 0, 1, 3, 9]))
  const count = bucketCounts.reduce((sum, bucket) => sum + bucket, 0)
  return { count, sum: count * 40, min: 1, max: 900, bucketCounts, explicitBounds: bounds }
}
