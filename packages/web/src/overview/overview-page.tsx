import { useEffect, useRef, useState } from 'react'
import { Page } from '../app/page.tsx'
import { FirstRunPage } from '../first-run/first-run-page.tsx'
import { useAnythingArrived } from '../first-run/use-anything-arrived.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { ErrorState } from '../panel/error-state.tsx'
import { useSetSearch } from '../time/use-range.ts'
import { ErrorTraces } from './error-traces.tsx'
import { Hosts } from './hosts.tsx'
import { LogLevels } from './log-levels.tsx'
import { LatencyChart, RequestsChart } from './red-charts.tsx'
import { ServiceRows } from './service-rows.tsx'
import { SlowEndpoints } from './slow-endpoints.tsx'
import { Summary } from './summary.tsx'
import { isEmpty, useOverview } from './use-overview.ts'
import './overview-page.css'

/** The first page: what is wrong, four figures, services worst first, errors, hosts. One answer feeds all of it. */
export function OverviewPage() {
  const [isWaiting, setIsWaiting] = useState(false)
  const query = useOverview(isWaiting)
  const overview = query.data
  const empty = overview !== undefined && isEmpty(overview)
  const arrived = useAnythingArrived(empty)
  const setSearch = useSetSearch()
  const hasWaited = useRef(false)
  useEffect(() => {
    // A minute of data is a sliver of an hour, so the first view is a shorter one.
    if (hasWaited.current && !isWaiting) setSearch({ from: 'now-15m', to: 'now' }, { replace: true })
    hasWaited.current = isWaiting
  }, [isWaiting, setSearch])

  // Once it waits, the first-run page stays until this range has something: no other notice flashes in between.
  if (isWaiting !== (empty && (isWaiting || arrived === false))) setIsWaiting(!isWaiting)
  if (isWaiting) return <FirstRunPage otlpHttpPort={overview?.otlpHttpPort ?? 4318} />
  if (query.error && !overview) {
    return (
      <Page title="Overview">
        <section className="panel">
          <ErrorState error={query.error} onRetry={query.refetch} />
        </section>
      </Page>
    )
  }
  if (empty && arrived) {
    return (
      <Page title="Overview">
        <section className="panel">
          <EmptyState title="Nothing arrived in this time range">
            <p>Data of the last 30 days exists outside of it.</p>
            <button type="button" className="button" onClick={() => setSearch({ from: 'now-7d', to: 'now' })}>
              Show the last 7 days
            </button>
          </EmptyState>
        </section>
      </Page>
    )
  }
  return (
    <Page title="Overview">
      <div className="overview" data-loading={overview === undefined}>
        <Summary query={query} />
        <div className="overview-main">
          <ServiceRows query={query} />
          <div className="overview-pair">
            <RequestsChart query={query} />
            <LatencyChart query={query} />
          </div>
          <ErrorTraces query={query} />
        </div>
        <div className="overview-side">
          <LogLevels query={query} />
          <Hosts query={query} />
          <SlowEndpoints query={query} />
        </div>
      </div>
    </Page>
  )
}
