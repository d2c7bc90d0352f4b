import { Legend } from '../charts/legend.tsx'
import type { Series } from '../charts/series.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { useDeployments } from '../deployments/use-deployments.ts'
import { durationText } from '../format/duration.ts'
import { quantityText, rate } from '../format/number.ts'
import { Panel } from '../panel/panel.tsx'
import { type OverviewProps, useOverviewSpan } from './overview-query.ts'

/** Requests per second of all services together. */
export function RequestsChart({ query }: OverviewProps) {
  const overview = query.data
  const span = useOverviewSpan(overview)
  const marks = useDeployments()
  const format = (value: number) => quantityText(rate(value))
  const points = overview?.series.requestRate ?? []
  const series: Series[] = [{ label: 'requests', points, colour: 'series-1', fill: true, main: true }]
  return (
    <Panel title="Requests" query={query}>
      <TimeChart label="Requests per second" series={series} span={span} marks={marks} format={format} />
    </Panel>
  )
}

/** The three percentiles of latency; p95 leads. */
export function LatencyChart({ query }: OverviewProps) {
  const overview = query.data
  const span = useOverviewSpan(overview)
  const marks = useDeployments()
  const series: Series[] = [
    { label: 'p50', points: overview?.series.p50 ?? [], colour: 'series-5' },
    { label: 'p95', points: overview?.series.p95 ?? [], colour: 'series-1', main: true },
    { label: 'p99', points: overview?.series.p99 ?? [], colour: 'series-3' },
  ]
  const values = overview && { p50: overview.latency.p50, p95: overview.latency.p95, p99: overview.latency.p99 }
  const legend = series.map(({ label, colour }) => ({
    label,
    colour,
    value: durationText(values?.[label as keyof typeof values]),
  }))
  return (
    <Panel title="Latency" query={query} aside={overview && <Legend items={legend} />}>
      <TimeChart label="Latency percentiles" series={series} span={span} marks={marks} format={durationText} />
    </Panel>
  )
}
