import { useMemo } from 'react'
import type { LogsHistogram } from '../api/responses.ts'
import { Legend } from '../charts/legend.tsx'
import type { Series } from '../charts/series.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { useDeployments } from '../deployments/use-deployments.ts'
import { durationText, withoutTrailingZeros } from '../format/duration.ts'
import { count, plural } from '../format/number.ts'
import { Panel, type QueryState } from '../panel/panel.tsx'
import { levelStyle } from './level.ts'

interface LogVolumeProps {
  query: QueryState & { data: LogsHistogram | undefined }
  service: string | undefined
}

/** Lines over time, stacked by level. */
export function LogVolume({ query, service }: LogVolumeProps) {
  const { data } = query
  const marks = useDeployments(service)
  const series: Series[] = useMemo(
    () => (data?.series ?? []).map(({ level, points }) => ({ label: level, points, colour: levelStyle[level].bar })),
    [data],
  )
  const legend = (data?.series ?? []).map(({ level, total }) => ({
    label: level,
    colour: levelStyle[level].bar,
    value: count(total),
  }))
  return (
    <Panel
      title="Volume"
      note={
        data &&
        `${plural(data.total, 'line')}, bars of ${withoutTrailingZeros(durationText(data.intervalSeconds * 1000))}`
      }
      query={query}
      className="log-volume"
      aside={<Legend items={legend} />}
    >
      {data && (
        <TimeChart
          label="Log lines by level over time"
          kind="bars"
          series={series}
          span={{ from: Date.parse(data.from), to: Date.parse(data.to) }}
          format={count}
          marks={marks}
          height={116}
        />
      )}
    </Panel>
  )
}
