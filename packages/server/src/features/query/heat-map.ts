import type { ProblemError } from '@burstlet/contract/errors'
import type { QueryResult, QuerySeries } from '@burstlet/contract/query'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { bucketsOf, type TimeRange } from '../../querying/time/time-range.ts'
import type { PlannedQuery } from './plan.ts'
import { rawEvents } from './raw-events.ts'
import { rollupsFor } from './read-events.ts'
import { redEvents } from './red-events.ts'
import { fittingRollup } from './rollup-fit.ts'

/** Two edges for each power of two: about sixty bands from a microsecond to an hour. */
const bandsPerDoubling = 2

interface BandRow {
  readonly bucket: string
  /** `low` is `high` for values of zero. */
  readonly band: number
  readonly sign: number
  readonly found: number
}

export interface HeatMap extends Pick<QueryResult, 'series' | 'columns' | 'metricKinds'> {
  readonly warnings?: readonly Omit<ProblemError, 'path'>[]
  readonly source: string
}

/** What a distribution of spans or logs is of. */
function distributedField(query: PlannedQuery): string | undefined {
  return query.field ?? query.aggregates[0]?.field?.name ?? (query.signal === 'spans' ? 'duration' : undefined)
}

/** Counts of values by bucket of time and band of value, weighted by sampling. */
export async function readHeatMap(
  query: PlannedQuery,
  context: QueryContext,
  range: TimeRange,
  stepSeconds: number,
  rollups = true,
): Promise<HeatMap> {
  const field = distributedField(query) ?? 'duration'
  const parameters = new Parameters()
  const duration = query.signal === 'spans' && field === 'duration'
  const asked: PlannedQuery = {
    ...query,
    groupBy: [],
    aggregates: [{ name: 'percentile', percent: 50, field: { name: field, column: 1 }, text: field }],
  }
  const rollup = duration ? fittingRollup(asked, stepSeconds) : undefined
  const source = rollup
    ? redEvents(asked, rollup, context, parameters, await rollupsFor(query, context, range, stepSeconds, rollups))
    : rawEvents(asked, context, parameters, true)
  const step = parameters.value('Int64', stepSeconds * 1000)
  const rows = await context.reader.query<BandRow>({
    sql: `
SELECT toString(intDiv(at, ${step}) * ${step}) AS bucket, ${bandsOf(duration, rollup !== undefined)}
FROM (${source.rows(range)})
GROUP BY bucket, band, sign
ORDER BY sign, band * sign`,
    params: parameters.params,
    signal: context.signal,
  })
  return {
    source: source.name(range),
    columns: [
      { name: 'time', type: 'time', role: 'time' },
      { name: field, type: 'number', role: 'label', ...(duration && { unit: 'ms' }) },
      { name: 'value', type: 'number', role: 'value' },
    ],
    series: bandSeries(rows, bucketsOf(range, stepSeconds), duration ? 1000 : 1),
  }
}

/** Columns `band`, `sign`, `found`. Durations are of whole microseconds, at least one, as the rollup has them. */
function bandsOf(duration: boolean, rollup: boolean): string {
  if (rollup) {
    return `intDiv(pair.1, 8 / ${bandsPerDoubling}) AS band, 1 AS sign, sum(pair.2) AS found`.replaceAll(
      'pair',
      "arrayJoin(CAST(h, 'Array(Tuple(UInt16, Float64))'))",
    )
  }
  const value = duration ? 'greatest(n0 * 1000, 1)' : 'abs(assumeNotNull(n0))'
  return `if(${value} = 0, 0, toInt32(floor(log2(${value}) * ${bandsPerDoubling}))) AS band,
  ${duration ? '1' : 'toInt8(sign(assumeNotNull(n0)))'} AS sign, sumIf(w, isNotNull(n0)) AS found`
}

function bandSeries(rows: readonly BandRow[], buckets: readonly number[], divisor: number): QuerySeries[] {
  const bands = Map.groupBy(
    rows.filter(({ found }) => found > 0),
    ({ band, sign }) => `${sign} ${band}`,
  )
  return [...bands.values()].map((cells) => {
    const { band, sign } = cells[0]!
    const edges = [band, band + 1].map((edge) => (sign * 2 ** (edge / bandsPerDoubling)) / divisor)
    const counts = new Map(cells.map(({ bucket, found }) => [Number(bucket), found]))
    return {
      labels: {},
      low: sign === 0 ? 0 : Math.min(...edges),
      high: sign === 0 ? 0 : Math.max(...edges),
      points: buckets.map((at): [number, number] => [at, counts.get(at) ?? 0]),
    }
  })
}
