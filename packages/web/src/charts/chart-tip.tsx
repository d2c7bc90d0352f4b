import { createPortal } from 'react-dom'
import { clockSeconds, fullClock } from '../format/clock.ts'
import type { Mark } from './mark.ts'
import type { Columns, Series } from './series.ts'

/** The point under the cursor and where that is in the window, in px. */
export interface TipPlace {
  index: number
  x: number
  y: number
}

const width = 220

interface ChartTipProps {
  place: TipPlace
  columns: Columns
  series: readonly Series[]
  format: (value: number) => string
  marks: readonly Mark[]
}

/** The values under the crosshair, largest first; in a portal, so that no panel cuts it off. */
export function ChartTip({ place, columns, series, format, marks }: ChartTipProps) {
  const time = columns[0][place.index]
  if (time === undefined) return null
  const rows = series
    .map((one, i) => ({ ...one, value: columns[i + 1]?.[place.index] ?? null }))
    .filter((row) => row.value !== null)
    .sort((a, b) => b.value! - a.value!)
  const left = place.x + width + 24 > innerWidth ? place.x - width - 12 : place.x + 12
  return createPortal(
    <div
      className="chart-tip"
      style={{ left, top: Math.min(place.y, innerHeight - 40 - (rows.length + marks.length) * 20), width: width }}
    >
      <p className="dim">{fullClock(time)}</p>
      {rows.length === 0 && <p className="dim">no data</p>}
      {rows.map((row) => (
        <p key={row.label} className="chart-tip-row">
          <span className="swatch" style={{ background: `var(--${row.colour})` }} />
          <span className="ellipsis">{row.label}</span>
          <span className="num">{format(row.value!)}</span>
        </p>
      ))}
      {marks.map(({ at, label }) => (
        <p key={`${at} ${label}`} className="chart-tip-row">
          <span className="ellipsis">{label}</span>
          <span className="num dim">deployed {clockSeconds(at)}</span>
        </p>
      ))}
    </div>,
    document.body,
  )
}
