import { Link, useSearch } from '@tanstack/react-router'
import type { Service } from '../api/responses.ts'
import { useRanged } from '../api/use-api.ts'
import { Page } from '../app/page.tsx'
import { withRange } from '../app/search.ts'
import { durationText } from '../format/duration.ts'
import { count, percent, quantityText, rate } from '../format/number.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { StateIcon, toneOf } from '../state/state-icon.tsx'
import { useSetSearch } from '../time/use-range.ts'
import { assignSlots } from './colour-slot.ts'
import { ServiceName } from './service-name.tsx'
import { serviceState, worstFirst } from './service-state.ts'
import './services-page.css'

const columns = [
  { key: 'requests', title: 'Requests', wide: true },
  { key: 'requestRate', title: 'Rate', wide: false },
  { key: 'errorRate', title: 'Errors', wide: false },
  { key: 'p50', title: 'p50', wide: true },
  { key: 'p95', title: 'p95', wide: false },
  { key: 'p99', title: 'p99', wide: true },
] as const

type Column = (typeof columns)[number]['key']

/** All services of the range with rate, errors and duration; worst first unless a column is chosen. */
export function ServicesPage() {
  const query = useRanged('listServices', { limit: 1000 })
  const { sort } = useSearch({ strict: false }) as { sort?: string }
  const setSearch = useSetSearch()
  const sorted = columns.find((column) => column.key === sort)?.key
  const services = query.data?.items ?? []
  assignSlots(services.map((service) => service.name))
  const rows = sorted ? services.toSorted((a, b) => (b[sorted] ?? -1) - (a[sorted] ?? -1)) : worstFirst(services)

  return (
    <Page title="Services">
      <Panel
        title="Services"
        note={query.data && `${count(services.length)}, ${sorted ? `by ${titleOf(sorted)}` : 'worst first'}`}
        query={query}
      >
        {query.data && services.length === 0 ? (
          <EmptyState title="No services in this range">
            <p>A service appears with its first span.</p>
          </EmptyState>
        ) : (
          <table className="services-table">
            <thead>
              <tr>
                <th scope="col">Service</th>
                {columns.map(({ key, title, wide }) => (
                  <th
                    key={key}
                    scope="col"
                    className={wide ? 'num wide-only' : 'num'}
                    aria-sort={sorted === key ? 'descending' : 'none'}
                  >
                    <button type="button" onClick={() => setSearch({ sort: sorted === key ? undefined : key })}>
                      {title} {sorted === key && '↓'}
                    </button>
                  </th>
                ))}
                <th scope="col" className="wide-only">
                  <span className="visually-hidden">More</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((service) => (
                <ServiceLine key={service.name} service={service} />
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </Page>
  )
}

function ServiceLine({ service }: { service: Service }) {
  const state = serviceState(service)
  const tone = state === 'healthy' || state === 'unknown' ? '' : toneOf(state)
  return (
    <tr>
      <th scope="row">
        <Link to="/traces" search={withRange({ service: service.name })}>
          <StateIcon state={state} />
          <ServiceName name={service.name} />
        </Link>
      </th>
      <td className="num wide-only">{count(Math.round(service.requests))}</td>
      <td className="num">{quantityText(rate(service.requestRate))}</td>
      <td className={`num ${tone}`}>
        <Link to="/traces" search={withRange({ service: service.name, status: 'error' })}>
          {service.requests === 0 ? '—' : quantityText(percent(service.errorRate))}
        </Link>
      </td>
      <td className="num wide-only">{durationText(service.p50)}</td>
      <td className="num">{durationText(service.p95)}</td>
      <td className="num wide-only">{durationText(service.p99)}</td>
      <td className="services-more wide-only">
        <Link to="/logs" search={withRange({ service: service.name })}>
          Logs
        </Link>
      </td>
    </tr>
  )
}

function titleOf(key: Column): string {
  return columns.find((column) => column.key === key)!.title.toLowerCase()
}
