import { useMemo } from 'react'
import type { Point } from '../api/responses.ts'
import './sparkline.css'

interface SparklineProps {
  points: readonly Point[]
  tone?: 'neutral' | 'error' | 'warning'
  label: string
}

const width = 100
const height = 24

/** A small line from zero. Neutral unless its value breaks a limit; a gap stays a gap. */
export function Sparkline({ points, tone = 'neutral', label }: SparklineProps) {
  const { line, area } = useMemo(() => sparkPaths(points), [points])
  return (
    <svg
      className={`sparkline is-${tone}`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function sparkPaths(points: readonly Point[]): { line: string; area: string } {
  if (points.length === 0) return { line: '', area: '' }
  const first = points[0]![0]
  const length = points.at(-1)![0] - first || 1
  const max = Math.max(...points.map(([, value]) => value ?? 0))
  const x = (time: number, shift = 0) => Math.max(0, ((time - first) / length) * width + shift).toFixed(1)
  // One px above and below, so that the stroke is not cut.
  const y = (value: number) => (height - 1 - (max > 0 ? (value / max) * (height - 3) : 0)).toFixed(1)

  let line = ''
  let area = ''
  let begun: string | null = null
  let last = ''
  for (const [time, value] of [...points, [Number.NaN, null] as Point]) {
    if (value === null) {
      if (begun !== null) area += `L${last} ${height}L${begun} ${height}Z`
      begun = null
      continue
    }
    const at = `${x(time)} ${y(value)}`
    // A value after a gap begins 2 units early: alone, it would draw nothing.
    line += begun === null ? `M${x(time, -2)} ${y(value)}L${at}` : `L${at}`
    area += begun === null ? `M${at}` : `L${at}`
    begun ??= x(time)
    last = x(time)
  }
  return { line, area }
}
