import { Link } from '@tanstack/react-router'
import { keepRange, withRange } from '../app/search.ts'
import { clockSeconds } from '../format/clock.ts'
import { durationText } from '../format/duration.ts'
import { plural } from '../format/number.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { ServiceName } from '../services/service-name.tsx'
import { StateIcon } from '../state/state-icon.tsx'
import type { OverviewProps } from './overview-query.ts'
import './error-traces.css'

/** The newest traces with an error. */
export function ErrorTraces({ query }: OverviewProps) {
  const traces = query.data?.errorTraces ?? []
  return (
    <Panel
      title="Latest errors"
      note={query.data && plural(traces.length, 'trace')}
      query={query}
      aside={
        <Link to="/traces" search={withRange({ status: 'error' })}>
          All errors
        </Link>
      }
    >
      {query.data && traces.length === 0 && <EmptyState title="No failed traces in this range" />}
      {traces.length > 0 && (
        <table className="error-traces">
          <thead>
            <tr>
              <th scope="col">Trace</th>
              <th scope="col" className="wide-only">
                Services
              </th>
              <th scope="col" className="num">
                Errors
              </th>
              <th scope="col" className="num">
                Duration
              </th>
              <th scope="col" className="num">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {traces.map((trace) => (
              <tr key={trace.traceId}>
                <th scope="row">
                  <Link to="/traces/$traceId" params={{ traceId: trace.traceId }} search={keepRange}>
                    <StateIcon state="error" />
                    <ServiceName name={trace.rootService} />
                    <span className="mono ellipsis" title={trace.rootOperation}>
                      {trace.rootOperation}
                    </span>
                  </Link>
                </th>
                <td className="wide-only">
                  <span className="service-dots">
                    {trace.services.slice(0, 4).map((service) => (
                      <ServiceName key={service} name={service} />
                    ))}
                  </span>
                </td>
                <td className="num is-error">{trace.errorCount}</td>
                <td className="num">{durationText(trace.durationMs)}</td>
                <td className="num dim">{clockSeconds(Date.parse(trace.startTime))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
