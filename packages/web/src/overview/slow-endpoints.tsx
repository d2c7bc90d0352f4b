import { Link } from '@tanstack/react-router'
import { withRange } from '../app/search.ts'
import { durationText } from '../format/duration.ts'
import { quantityText, rate } from '../format/number.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { ServiceName } from '../services/service-name.tsx'
import type { OverviewProps } from './overview-query.ts'
import './slow-endpoints.css'

/** The endpoints with the highest p95, each a link to its traces. */
export function SlowEndpoints({ query }: OverviewProps) {
  const endpoints = (query.data?.endpoints.slowest ?? []).slice(0, 6)
  return (
    <Panel title="Slowest endpoints" query={query} aside="rate, p95">
      {query.data && endpoints.length === 0 && <EmptyState title="No requests in this range" />}
      <ul className="slow-endpoints">
        {endpoints.map((endpoint) => (
          <li key={`${endpoint.service} ${endpoint.kind} ${endpoint.operation}`}>
            <Link to="/traces" search={withRange({ service: endpoint.service, operation: endpoint.operation })}>
              <span className="mono ellipsis" title={endpoint.operation}>
                {endpoint.operation}
              </span>
              <span className="num">{quantityText(rate(endpoint.requestRate))}</span>
              <span className="num slow-endpoint-p95">{durationText(endpoint.p95)}</span>
              <span className="slow-endpoint-service">
                <ServiceName name={endpoint.service} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
