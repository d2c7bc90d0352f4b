import { Link } from '@tanstack/react-router'
import type { Overview, Point } from '../api/responses.ts'
import { withRange } from '../app/search.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { duration, durationText, type Quantity } from '../format/duration.ts'
import { count, percent, plural, rate } from '../format/number.ts'
import { LoadingLine } from '../panel/loading-line.tsx'
import { degradedFrom, unhealthyFrom } from '../services/service-state.ts'
import { StateIcon, toneOf } from '../state/state-icon.tsx'
import { headline } from './headline.ts'
import type { OverviewProps } from './overview-query.ts'
import './summary.css'

/** The sentence and the four figures. */
export function Summary({ query }: OverviewProps) {
  const overview = query.data
  return (
    <section className="panel summary" aria-label="Summary">
      <LoadingLine active={query.isPending} />
      {overview ? <Sentence overview={overview} /> : <div className="summary-sentence" />}
      <Figures overview={overview} />
    </section>
  )
}

function Sentence({ overview }: { overview: Overview }) {
  const { state, title, detail, service } = headline(overview)
  const [before, after] = service ? detail.split(service, 2) : [detail, '']
  return (
    <div className="summary-sentence">
      <StateIcon state={state} size={20} />
      <div>
        <h2>{title}</h2>
        <p>
          {before}
          {service && (
            <Link to="/traces" search={withRange({ service })}>
              {service}
            </Link>
          )}
          {after}
        </p>
      </div>
    </div>
  )
}

function Figures({ overview }: { overview: Overview | undefined }) {
  const errorShare = overview?.errorRate ?? 0
  const tone = errorShare >= unhealthyFrom ? 'error' : errorShare >= degradedFrom ? 'warning' : 'neutral'
  const failing = (overview?.logs.byLevel.error ?? 0) + (overview?.logs.byLevel.fatal ?? 0)
  return (
    <>
      <Figure
        name="Requests"
        quantity={rate(overview?.requestRate)}
        note={overview && plural(Math.round(overview.requests), 'request')}
        points={overview?.series.requestRate}
        to="/traces"
      />
      <Figure
        name="Errors"
        quantity={percent(overview?.errorRate)}
        note={overview && `${count(Math.round(overview.errors))} failed`}
        points={overview?.series.errorRate}
        tone={tone}
        to="/traces"
        search={{ status: 'error' }}
      />
      <Figure
        name="Latency p95"
        quantity={duration(overview?.latency.p95)}
        note={overview && `p50 ${durationText(overview.latency.p50)}`}
        points={overview?.series.p95}
        to="/traces"
        search={overview?.latency.p95 ? { minDuration: String(Math.floor(overview.latency.p95)) } : {}}
      />
      <Figure
        name="Log errors"
        quantity={{ value: overview ? count(failing) : '—', unit: '' }}
        note={overview && `of ${plural(overview.logs.total, 'line')}`}
        points={overview && errorLines(overview)}
        tone={failing > 0 ? 'warning' : 'neutral'}
        to="/logs"
        search={{ level: 'error,fatal' }}
      />
    </>
  )
}

interface FigureProps {
  name: string
  quantity: Quantity
  note: string | undefined
  points: readonly Point[] | undefined
  tone?: 'neutral' | 'error' | 'warning'
  to: '/traces' | '/logs'
  search?: Record<string, string>
}

function Figure({ name, quantity, note, points, tone = 'neutral', to, search = {} }: FigureProps) {
  return (
    <Link to={to} search={withRange(search)} className="figure">
      <span className="figure-name">{name}</span>
      <span className="figure-value">
        {quantity.value}
        {quantity.unit && <small>{quantity.unit}</small>}
      </span>
      <span className={tone === 'neutral' ? 'figure-note' : `figure-note ${toneOf(tone)}`}>{note}</span>
      <span className="figure-spark">
        {points && <Sparkline points={points} tone={tone} label={`${name} over time`} />}
      </span>
    </Link>
  )
}

/** Error and fatal lines together over time. */
function errorLines({ logs }: Overview): Point[] {
  const sums = new Map<number, number>()
  for (const { level, points } of logs.series) {
    const counts = level === 'error' || level === 'fatal'
    for (const [time, value] of points) sums.set(time, (sums.get(time) ?? 0) + (counts ? (value ?? 0) : 0))
  }
  return [...sums].sort(([a], [b]) => a - b)
}
