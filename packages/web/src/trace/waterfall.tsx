import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { ticksFromZero } from '../charts/ticks.ts'
import { durationText, withoutTrailingZeros } from '../format/duration.ts'
import type { PathSections } from './path-sections.ts'
import { SpanRow } from './span-row.tsx'
import type { SpanNode } from './span-tree.ts'
import './waterfall.css'

const row = 26
const rowOnPhone = 44

interface WaterfallProps {
  rows: readonly SpanNode[]
  path: PathSections
  /** The part of the trace that is shown, in ms from its start. */
  view: { from: number; to: number }
  chosen: SpanNode | undefined
  collapsed: ReadonlySet<string>
  onChoose: (node: SpanNode) => void
  onToggle: (spanId: string) => void
  /** By so many rows down. */
  onMove: (by: number) => void
}

/** The spans of a trace as rows of a tree with their bars; virtual, so 10,000 spans scroll like ten. */
export function Waterfall({ rows, path, view, chosen, collapsed, onChoose, onToggle, onMove }: WaterfallProps) {
  const box = useRef<HTMLDivElement>(null)
  const isPhone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false })
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => (isPhone ? rowOnPhone : row),
    overscan: 16,
  })
  const chosenIndex = chosen ? rows.indexOf(chosen) : -1
  useEffect(() => {
    if (chosenIndex >= 0) virtual.scrollToIndex(chosenIndex, { align: 'auto' })
  }, [chosenIndex, virtual])
  const arrowKeys = (event: KeyboardEvent) => {
    const id = chosen?.span.spanId
    const isCollapsed = id !== undefined && collapsed.has(id)
    if (event.key === 'ArrowDown') onMove(1)
    else if (event.key === 'ArrowUp') onMove(-1)
    else if (id && event.key === (isCollapsed ? 'ArrowRight' : 'ArrowLeft') && chosen?.children.length) onToggle(id)
    else return
    event.preventDefault()
  }
  const length = Math.max(view.to - view.from, 1e-6)
  const ticks = ticksWithin(view.from, length, isPhone ? 2 : 5)

  return (
    <div className="waterfall">
      <div className="waterfall-head">
        <span>Service and operation</span>
        <span className="waterfall-ticks">
          {ticks.map((tick) => (
            <span key={tick} style={{ left: `${((tick - view.from) / length) * 100}%` }}>
              {withoutTrailingZeros(durationText(tick))}
            </span>
          ))}
        </span>
      </div>
      <div className="waterfall-rows" ref={box} role="tree" aria-label="Spans" tabIndex={-1} onKeyDown={arrowKeys}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          <div className="waterfall-grid" aria-hidden="true">
            {ticks.map((tick) => (
              <span key={tick} style={{ left: `${((tick - view.from) / length) * 100}%` }} />
            ))}
          </div>
          {virtual.getVirtualItems().map(({ index, start, size, key }) => (
            <SpanRow
              key={key}
              node={rows[index]!}
              view={view}
              sections={path.spans.get(rows[index]!)}
              wait={path.waits.get(rows[index]!)}
              isChosen={index === chosenIndex}
              isReachable={index === Math.max(0, chosenIndex)}
              isCollapsed={collapsed.has(rows[index]!.span.spanId)}
              onChoose={onChoose}
              onToggle={onToggle}
              style={{ transform: `translateY(${start}px)`, height: size }}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

/** Round times of the trace within the part that is shown, in ms. */
function ticksWithin(from: number, length: number, target: number): number[] {
  const step = ticksFromZero(length, target)[1] ?? length
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.floor((from + length * 0.98) / step) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}
