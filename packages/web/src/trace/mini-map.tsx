import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { slotOf } from '../services/colour-slot.ts'
import { useTokens } from '../theme/tokens.ts'
import { type SpanTree, visibleRows } from './span-tree.ts'

const height = 44

interface View {
  from: number
  to: number
}

/** The whole trace in 44 px. Dragging shows that part in the waterfall; a double click shows all again. */
export function MiniMap({ tree, view, onView }: { tree: SpanTree; view: View; onView: (view: View) => void }) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const token = useTokens()
  const rows = useMemo(() => visibleRows(tree, new Set()), [tree])
  const [start, setStart] = useState<number | null>(null)
  const length = tree.duration || 1

  useEffect(() => {
    const target = canvas.current
    const context = target?.getContext('2d')
    if (!target || !context || width === 0) return
    const ratio = devicePixelRatio || 1
    target.width = width * ratio
    target.height = height * ratio
    context.scale(ratio, ratio)
    const step = Math.min(4, (height - 4) / rows.length)
    rows.forEach((node, i) => {
      context.fillStyle = token(node.span.status === 'error' ? 'bar-error' : `series-${slotOf(node.span.service)}`)
      const x = (node.offset / length) * width
      context.fillRect(x, 2 + i * step, Math.max(1, (node.duration / length) * width), Math.max(0.75, step - 1))
    })
  }, [rows, width, length, token])

  const timeAt = (event: PointerEvent) => {
    const rect = event.currentTarget.getBoundingClientRect()
    return Math.min(length, Math.max(0, ((event.clientX - rect.left) / rect.width) * length))
  }
  const left = (view.from / length) * 100
  const right = (view.to / length) * 100
  return (
    <div className="panel mini-map">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: zooming is an extra for the pointer; keys reach every span */}
      <div
        ref={ref}
        className="mini-map-area"
        style={{ height: height }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setStart(timeAt(event))
        }}
        onPointerMove={(event) => {
          if (start === null) return
          const end = timeAt(event)
          if (Math.abs(end - start) > length / 500) onView({ from: Math.min(start, end), to: Math.max(start, end) })
        }}
        onPointerUp={() => setStart(null)}
        onDoubleClick={() => onView({ from: 0, to: tree.duration })}
      >
        <canvas ref={canvas} style={{ width: '100%', height: height }} role="img" aria-label="The whole trace" />
        <div className="mini-map-shade" style={{ left: 0, width: `${left}%` }} />
        <div className="mini-map-shade" style={{ left: `${right}%`, right: 0 }} />
        <div className="mini-map-view" style={{ left: `${left}%`, width: `${right - left}%` }} />
      </div>
    </div>
  )
}
