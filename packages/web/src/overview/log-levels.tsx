import { Link } from '@tanstack/react-router'
import { withRange } from '../app/search.ts'
import type { Series } from '../charts/series.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { useDeployments } from '../deployments/use-deployments.ts'
import { count, plural } from '../format/number.ts'
import { levelStyle, levels } from '../logs/level.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { type OverviewProps, useOverviewSpan } from './overview-query.ts'
import './log-levels.css'

/** Log lines over time by level, and how many of each; every level is a link to its lines. */
export function LogLevels({ query }: OverviewProps) {
  const overview = query.data
  const span = useOverviewSpan(overview)
  const marks = useDeployments()
  const series: Series[] = (overview?.logs.series ?? []).map(({ level, points }) => ({
    label: level,
    points,
    colour: levelStyle[level].bar,
  }))
  return (
    <Panel title="Logs" note={overview && plural(overview.logs.total, 'line')} query={query}>
      {overview && overview.logs.total === 0 && <EmptyState title="No log lines in this range" />}
      {overview && overview.logs.total > 0 && (
        <>
          <TimeChart
            label="Log lines by level"
            kind="bars"
            series={series}
            span={span}
            marks={marks}
            format={count}
            height={116}
          />
          <ul className="log-levels">
            {levels
              .filter((level) => overview.logs.byLevel[level])
              .map((level) => (
                <li key={level}>
                  <Link to="/logs" search={withRange({ level })}>
                    <span
                      className="swatch"
                      style={{ background: `var(--${levelStyle[level].bar})` }}
                      aria-hidden="true"
                    />
                    {level} <b>{count(overview.logs.byLevel[level])}</b>
                  </Link>
                </li>
              ))}
          </ul>
        </>
      )}
    </Panel>
  )
}
