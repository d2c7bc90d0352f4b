import { randomInt } from 'node:crypto'
import { hex, pick, resourceOf, text } from './realistic.ts'
import { markedTraceId, type RequestPool, requestPool } from './request-pool.ts'

const bounds = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000]
const routes = ['/videos/:id', '/videos', '/search', '/users/:id', '/uploads']

/** Points of counters, gauges and histograms in equal parts, with 4 attributes each; the same series in every request. */
export function pointRequests(pointsPerRequest: number): RequestPool {
  const perMetric = Math.floor(pointsPerRequest / 3)
  return requestPool('metrics', perMetric * 3, (request) => {
    const time = String(BigInt(Date.now()) * 1_000_000n)
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
        ...value(),
      }))
    const temporality = { aggregationTemporality: 2 }
    // An exemplar in each request carries the mark that makes its bytes differ.
    const exemplars = [
      { timeUnixNano: time, asDouble: 1, traceId: markedTraceId(request), spanId: Buffer.from(hex(8), 'hex') },
    ]
    const requests = points(() => ({ asInt: randomInt(1_000_000) }))
    Object.assign(requests[0] ?? {}, { exemplars })
    const metrics = [
      { name: 'bench.requests', unit: '{request}', sum: { ...temporality, isMonotonic: true, dataPoints: requests } },
      { name: 'bench.queue', unit: '{job}', gauge: { dataPoints: points(() => ({ asDouble: randomInt(1000) / 4 })) } },
      { name: 'bench.duration', unit: 'ms', histogram: { ...temporality, dataPoints: points(histogram) } },
    ]
    return {
      resourceMetrics: [{ resource: resourceOf(request), scopeMetrics: [{ scope: { name: 'bench' }, metrics }] }],
    }
  })
}

function histogram() {
  const bucketCounts = Array.from({ length: bounds.length + 1 }, () => pick([0, 0, 1, 3, 9]))
  const count = bucketCounts.reduce((sum, bucket) => sum + bucket, 0)
  return { count, sum: count * 40, min: 1, max: 900, bucketCounts, explicitBounds: bounds }
}
