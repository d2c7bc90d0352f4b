import { useMemo } from 'react'
import { Legend } from '../charts/legend.tsx'
import type { Series } from '../charts/series.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { count } from '../format/number.ts'
import { Panel } from '../panel/panel.tsx'
import type { IngestQuery } from './use-ingest.ts'

const signals = [
  { signal: 'traces', label: 'spans', colour: 'series-1' },
  { signal: 'logs', label: 'log records', colour: 'series-4' },
  { signal: 'metrics', label: 'data points', colour: 'series-2' },
] as const

const hourMs = 3_600_000

/** Items taken by minute over the last hour. */
export function ArrivalChart({ query }: { query: IngestQuery }) {
  const { data } = query
  const series: Series[] = useMemo(() => {
    const minutes = data?.minutes ?? []
    return [
      ...signals.map(({ signal, label, colour }) => ({
        label,
        colour,
        points: minutes.map(({ timestamp, accepted }) => [Date.parse(timestamp), accepted[signal]] as [number, number]),
      })),
      {
        label: 'rejected',
        colour: 'bar-error',
        points: minutes.map(({ timestamp, rejected }) => [Date.parse(timestamp), rejected] as [number, number]),
      },
    ]
  }, [data])
  const legend = series.map(({ label, colour, points }) => ({
    label,
    colour,
    value: count(points.reduce((sum, [, value]) => sum + (value ?? 0), 0)),
  }))
  const to = data ? Date.parse(data.timestamp) : 0
  return (
    <Panel
      title="Taken in"
      note="by minute, the last hour"
      query={query}
      className="ingest-arrival"
      aside={<Legend items={legend} />}
    >
      {data && (
        <TimeChart
          label="Items taken in by minute"
          kind="bars"
          series={series}
          span={{ from: to - hourMs, to }}
          format={count}
        />
      )}
    </Panel>
  )
}
