import { useElementSize } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { TraceSummary } from '../api/responses.ts'
import { keepRange } from '../app/search.ts'
import { durationText } from '../format/duration.ts'
import { useTokens } from '../theme/tokens.ts'
import { fixed, type Span } from '../time/range.ts'
import { useSetSearch } from '../time/use-range.ts'
import { drawScatter } from './draw-scatter.ts'
import { nearest, scatterScale } from './scatter-scale.ts'
import './duration-scatter.css'

const height = 150
const padding = { left: 56, right: 20, top: 8, bottom: 22 }

interface Corner {
  x: number
  y: number
}

/** Traces as dots of time and duration. A click opens one; a dragged box becomes the range and the duration filter. */
export function DurationScatter({ traces, span }: { traces: readonly TraceSummary[]; span: Span }) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const navigate = useNavigate()
  const setSearch = useSetSearch()
  const token = useTokens()
  const [hovered, setHovered] = useState(-1)
  const [drag, setDrag] = useState<{ start: Corner; end: Corner } | null>(null)

  const box = useMemo(
    () => ({
      left: padding.left,
      top: padding.top,
      width: Math.max(10, width - padding.left - padding.right),
      height: height - padding.top - padding.bottom,
    }),
    [width],
  )
  const scale = useMemo(
    () =>
      scatterScale(
        traces.map((trace) => trace.durationMs),
        { from: span.from, to: span.to },
        box,
      ),
    [traces, span.from, span.to, box],
  )
  const points = useMemo(
    () =>
      traces.map((trace) => ({
        x: scale.x(Date.parse(trace.startTime)),
        y: scale.y(trace.durationMs),
        failed: trace.errorCount > 0,
      })),
    [traces, scale],
  )
  useEffect(() => {
    if (canvas.current && width > 0) {
      drawScatter(canvas.current, {
        width,
        height: height,
        box,
        scale,
        points,
        span: { from: span.from, to: span.to },
        token,
      })
    }
  }, [width, box, scale, points, span.from, span.to, token])

  const at = (event: PointerEvent): Corner => ({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY })
  const release = (event: PointerEvent) => {
    const end = at(event)
    const isClick = !drag || Math.hypot(end.x - drag.start.x, end.y - drag.start.y) < 5
    setDrag(null)
    const trace = traces[nearest(points, end.x, end.y)]
    if (isClick) {
      if (trace) navigate({ to: '/traces/$traceId', params: { traceId: trace.traceId }, search: keepRange })
      return
    }
    const [left, right] = [drag.start.x, end.x].sort((a, b) => a - b) as [number, number]
    const [top, bottom] = [drag.start.y, end.y].sort((a, b) => a - b) as [number, number]
    const range = fixed({ from: Math.floor(scale.time(left)), to: Math.ceil(scale.time(right)) })
    setSearch({
      ...range,
      minDuration: String(Number(scale.duration(bottom).toPrecision(3))),
      maxDuration: String(Number(scale.duration(top).toPrecision(3))),
    })
  }
  const shown = traces[hovered]
  const dot = points[hovered]

  return (
    <div className="scatter" ref={ref} style={{ height: height }}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Durations of ${traces.length} traces over time; the same traces are listed below`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ start: at(event), end: at(event) })
        }}
        onPointerMove={(event) => {
          if (drag) setDrag({ start: drag.start, end: at(event) })
          else setHovered(nearest(points, at(event).x, at(event).y))
        }}
        onPointerUp={release}
        onPointerLeave={() => setHovered(-1)}
      />
      {drag && (
        <div
          className="scatter-box"
          style={{
            left: Math.min(drag.start.x, drag.end.x),
            top: Math.min(drag.start.y, drag.end.y),
            width: Math.abs(drag.end.x - drag.start.x),
            height: Math.abs(drag.end.y - drag.start.y),
          }}
        />
      )}
      {shown && dot && !drag && (
        <div className="scatter-tip" style={{ left: Math.min(dot.x + 10, width - 240), top: Math.max(0, dot.y - 30) }}>
          {shown.rootService} <code>{shown.rootOperation}</code> {durationText(shown.durationMs)}
        </div>
      )}
    </div>
  )
}
