import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ServiceRow } from '../api/responses.ts'
import { keepRange, withRange } from '../app/search.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { duration, type Quantity } from '../format/duration.ts'
import { percent, rate } from '../format/number.ts'
import { Panel } from '../panel/panel.tsx'
import { ServiceName } from '../services/service-name.tsx'
import { serviceState, worstFirst } from '../services/service-state.ts'
import { StateIcon } from '../state/state-icon.tsx'
import type { OverviewProps } from './overview-query.ts'
import './service-rows.css'

/** Services as rows of rate, errors and duration, worst first. */
export function ServiceRows({ query }: OverviewProps) {
  const rows = worstFirst(query.data?.services ?? [])
  const total = query.data?.serviceCount ?? 0
  return (
    <Panel
      title="Services"
      note={query.data && (total > rows.length ? `${rows.length} of ${total}, worst first` : `${total}, worst first`)}
      query={query}
      aside={
        <Link to="/services" search={keepRange}>
          All services
        </Link>
      }
    >
      <table className="service-rows">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" className="wide-only">
              Requests
            </th>
            <td className="wide-only" />
            <th scope="col">Errors</th>
            <td />
            <th scope="col" className="wide-only">
              Latency p95
            </th>
            <th scope="col" className="num">
              <span className="phone-head">p95</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Row({ row }: { row: ServiceRow }) {
  const state = serviceState(row)
  const tone = state === 'unhealthy' ? 'error' : state === 'degraded' ? 'warning' : 'neutral'
  const slow = row.p95 === null ? {} : { minDuration: String(Math.floor(row.p95)) }
  return (
    <tr>
      <th scope="row">
        <ToTraces search={{ service: row.name }}>
          <StateIcon state={state} />
          <ServiceName name={row.name} />
        </ToTraces>
      </th>
      <td className="spark-cell wide-only">
        <Sparkline points={row.series.requestRate} label="Requests over time" />
      </td>
      <td className="num wide-only">
        <ToTraces search={{ service: row.name }}>
          <Value quantity={rate(row.requestRate)} />
        </ToTraces>
      </td>
      <td className="spark-cell">
        <Sparkline points={row.series.errorRate} tone={tone} label="Errors over time" />
      </td>
      <td className={tone === 'neutral' ? 'num' : `num is-${tone}`}>
        <ToTraces search={{ service: row.name, status: 'error' }}>
          <Value quantity={percent(row.errorRate)} />
        </ToTraces>
      </td>
      <td className="spark-cell wide-only">
        <Sparkline points={row.series.p95} label="Latency over time" />
      </td>
      <td className="num">
        <ToTraces search={{ service: row.name, ...slow }}>
          <Value quantity={duration(row.p95)} />
        </ToTraces>
      </td>
    </tr>
  )
}

function ToTraces({ search, children }: { search: Record<string, string>; children: ReactNode }) {
  return (
    <Link to="/traces" search={withRange(search)}>
      {children}
    </Link>
  )
}

function Value({ quantity }: { quantity: Quantity }) {
  return (
    <>
      {quantity.value}
      {quantity.unit && (
        <span className="dim">{quantity.unit.startsWith('/') ? quantity.unit : ` ${quantity.unit}`}</span>
      )}
    </>
  )
}
