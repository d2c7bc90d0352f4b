import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { clock } from '../format/clock.ts'
import { useTokens } from '../theme/tokens.ts'
import type { Span } from '../time/range.ts'
import { ChartTip, type TipPlace } from './chart-tip.tsx'
import { type Mark, marksAt } from './mark.ts'
import { plotOptions } from './plot-options.ts'
import { type Series, stack, toColumns } from './series.ts'
import { useZoom } from './use-zoom.ts'
import './time-chart.css'

interface TimeChartProps {
  /** What the chart shows, for those who cannot see it. */
  label: string
  series: readonly Series[]
  kind?: 'lines' | 'bars'
  span: Span
  format: (value: number) => string
  height?: number
  /** Charts with one key share the crosshair. */
  syncKey?: string
  /** Moments to mark, in their order. */
  marks?: readonly Mark[]
}

const none: readonly Mark[] = []

/** A time series chart. Dragging zooms the page's range, a double click zooms out. */
export function TimeChart(props: TimeChartProps) {
  const { label, series, kind = 'lines', span, format, height = 148, syncKey = 'page', marks = none } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const [tip, setTip] = useState<TipPlace | null>(null)
  const token = useTokens()
  const zoom = useZoom()

  const plain = useMemo(() => toColumns(series), [series])
  const drawn = useMemo(() => (kind === 'bars' ? stack(plain) : plain), [kind, plain])
  const shown = useMemo(() => marks.filter(({ at }) => at >= span.from && at < span.to), [marks, span.from, span.to])
  const latest = useRef({ span, zoom, series, format, drawn, shown })
  latest.current = { span, zoom, series, format, drawn, shown }
  const hasMarks = shown.length > 0

  // A new plot only when its look changes; data and range go into the one that stands.
  const look = series.map((one) => `${one.label} ${one.colour}`).join('|')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` stands for the series, whose data change at every refresh
  useEffect(() => {
    const target = box.current!
    const made = new uPlot(
      plotOptions({
        series: latest.current.series,
        kind,
        format: (value) => latest.current.format(value),
        token,
        span: () => latest.current.span,
        syncKey,
        marks: hasMarks ? () => latest.current.shown : undefined,
        size: { width: Math.max(80, target.clientWidth), height },
        hooks: {
          setCursor: [(u) => setTip(tipPlace(u))],
          setSelect: [(u) => selectRange(u, latest.current.zoom.to)],
          ready: [(u) => u.over.addEventListener('dblclick', () => latest.current.zoom.out())],
        },
      }),
      latest.current.drawn as uPlot.AlignedData,
      target,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(80, target.clientWidth), height }))
    observer.observe(target)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [look, kind, token, syncKey, height, hasMarks])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a moved range draws the same data anew
  useEffect(() => plot.current?.setData(drawn as uPlot.AlignedData), [drawn, span.from, span.to, shown])

  return (
    <div
      className="time-chart"
      role="img"
      aria-label={[label, ...shown.map((mark) => `${mark.label} deployed at ${clock(mark.at)}`)].join('. ')}
      style={{ height }}
      ref={box}
      onPointerLeave={() => setTip(null)}
    >
      {tip && (
        <ChartTip
          place={tip}
          columns={plain}
          series={series}
          format={format}
          marks={marksAt(shown, plain[0], tip.index)}
        />
      )}
    </div>
  )
}

/** Where the tip goes, in the window; null when the pointer is on another chart of the page. */
function tipPlace(u: uPlot): TipPlace | null {
  const { idx, left, top, event } = u.cursor
  if (idx == null || left == null || top == null || left < 0 || !event) return null
  const rect = u.over.getBoundingClientRect()
  return { index: idx, x: rect.left + left, y: rect.top + top }
}

function selectRange(u: uPlot, zoomTo: (span: Span) => void) {
  const { left, width } = u.select
  if (width >= 4) zoomTo({ from: u.posToVal(left, 'x'), to: u.posToVal(left + width, 'x') })
  if (width > 0) u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}
