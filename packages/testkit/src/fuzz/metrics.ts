import fc, { type Arbitrary } from 'fast-check'
import { attributes, double, id, int64, maxInt64, message, text, time, uint32, uint64 } from './any-values.ts'

const value = fc.oneof(
  double.map((asDouble) => ({ asDouble })),
  int64.map((asInt) => ({ asInt })),
  fc.constant({}),
)

/** With its value, which is one of two members or none. */
function valued(fields: Arbitrary<object>): Arbitrary<object> {
  return fc.tuple(fields, value).map(([message, member]) => ({ ...message, ...member }))
}

const exemplar = valued(
  message({ filteredAttributes: attributes, timeUnixNano: time(1), spanId: id(8, 10), traceId: id(16, 10) }),
)
const exemplars = fc.array(exemplar, { maxLength: 3 })
/** Exemplars are found again by the time of their point, so in each series it must be another one. */
const ownTime = fc.bigInt({ min: 1n, max: maxInt64 }).map(String)
const common = { attributes, startTimeUnixNano: time(1), timeUnixNano: time(1), flags: uint32 }
const distribution = { ...common, count: uint64, sum: double, min: double, max: double }

function withExemplars(point: Arbitrary<object>): Arbitrary<object> {
  return fc.oneof(
    { weight: 2, arbitrary: point },
    {
      weight: 1,
      arbitrary: fc
        .tuple(point, ownTime, exemplars)
        .map(([fields, timeUnixNano, list]) => ({ ...fields, timeUnixNano, exemplars: list })),
    },
  )
}

const numberPoint = withExemplars(valued(message(common)))

/** Most points have a time; one without is to be rejected. */
function timed(point: Arbitrary<object>): Arbitrary<object> {
  return fc
    .tuple(point, fc.integer({ min: 0, max: 9 }))
    .map(([fields, die]) => (die === 0 ? fields : { timeUnixNano: '1795420000000000001', ...fields }))
}

/** Mostly one count more than bounds; every other length is to be rejected. */
const explicitBuckets = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.tuple(uint64, double), { maxLength: 12 }).map((pairs) => ({
      bucketCounts: [...pairs.map(([count]) => count), '3'],
      explicitBounds: pairs.map(([, bound]) => bound),
    })),
  },
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: message({
      bucketCounts: fc.array(uint64, { maxLength: 4 }),
      explicitBounds: fc.array(double, { maxLength: 4 }),
    }),
  },
)
const histogramPoint = withExemplars(
  fc.tuple(message(distribution), explicitBuckets).map(([fields, buckets]) => ({ ...fields, ...buckets })),
)

const sint32 = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.constantFrom(-2_147_483_648, 2_147_483_647))
const buckets = message({ offset: sint32, bucketCounts: fc.array(uint64, { maxLength: 20 }) })
const exponentialHistogramPoint = withExemplars(
  message({
    ...distribution,
    scale: sint32,
    zeroCount: uint64,
    positive: buckets,
    negative: buckets,
    zeroThreshold: double,
  }),
)

const summaryPoint = message({
  ...common,
  count: uint64,
  sum: double,
  quantileValues: fc.array(message({ quantile: double, value: double }), { maxLength: 4 }),
})

const points = (point: Arbitrary<object>) => ({ dataPoints: fc.array(timed(point), { maxLength: 4 }) })
/** Delta and cumulative; unspecified, or unknown, is to be rejected. */
const aggregationTemporality = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(1, 2) },
  { weight: 1, arbitrary: fc.constantFrom(0, 3, 500) },
)

const data = fc.oneof(
  message(points(numberPoint)).map((gauge) => ({ gauge })),
  fc.record({ ...points(numberPoint), aggregationTemporality, isMonotonic: fc.boolean() }).map((sum) => ({ sum })),
  fc.record({ ...points(histogramPoint), aggregationTemporality }).map((histogram) => ({ histogram })),
  fc
    .record({ ...points(exponentialHistogramPoint), aggregationTemporality })
    .map((exponentialHistogram) => ({ exponentialHistogram })),
  message(points(summaryPoint)).map((summary) => ({ summary })),
  fc.constant({}),
)

/** A metric of any kind, or of none. */
export const metric: Arbitrary<object> = fc
  .tuple(
    message({ name: text, description: text, unit: text, metadata: attributes }),
    data,
    fc.integer({ min: 0, max: 9 }),
  )
  // One without a name is to be rejected, with all its points.
  .map(([head, kind, die]) => ({ ...(die > 0 && { name: 'm' }), ...head, ...kind }))
