import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { type CSSProperties, memo } from 'react'
import { durationText } from '../format/duration.ts'
import { serviceColour } from '../services/colour-slot.ts'
import { StateIcon } from '../state/state-icon.tsx'
import type { Section } from './path-sections.ts'
import type { SpanNode } from './span-tree.ts'

/** Deeper levels are not indented further, so that names stay in sight. */
const maxIndent = 16

interface SpanRowProps {
  node: SpanNode
  view: { from: number; to: number }
  sections: readonly Section[] | undefined
  /** When nothing ran before this span, which the path waited for to begin. */
  wait: Section | undefined
  isChosen: boolean
  /** One row of the tree is reached by Tab, the others by arrows. */
  isReachable: boolean
  isCollapsed: boolean
  onChoose: (node: SpanNode) => void
  onToggle: (spanId: string) => void
  style: CSSProperties
}

/** One span: its place in the tree at the left, its bar, duration and share of the critical path at the right. */
export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { node, view, sections, wait, isChosen, isReachable, isCollapsed, onChoose, onToggle, style } = props
  const { span, depth, children } = node
  const failed = span.status === 'error'
  // The service is named where it changes; below that the colour carries it.
  const showsService = node.parent?.span.service !== span.service
  return (
    <div
      className={isChosen ? 'span-row is-selected' : 'span-row'}
      style={style}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isChosen}
      {...(children.length > 0 ? { 'aria-expanded': !isCollapsed } : {})}
      tabIndex={isReachable ? 0 : -1}
      onClick={() => onChoose(node)}
      onKeyDown={(event) => event.key === ' ' && onChoose(node)}
    >
      <span className="span-name" style={{ paddingLeft: Math.min(depth, maxIndent) * 14 }}>
        {children.length > 0 ? (
          <button
            type="button"
            className="span-toggle"
            tabIndex={-1}
            aria-label={isCollapsed ? `Expand ${children.length} children` : 'Collapse'}
            onClick={(event) => {
              event.stopPropagation()
              onToggle(span.spanId)
            }}
          >
            {isCollapsed ? <IconChevronRight size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
          </button>
        ) : (
          <span className="span-toggle" />
        )}
        <span className="swatch" style={{ background: serviceColour(span.service) }} aria-hidden="true" />
        <span className="ellipsis" title={`${span.service} ${span.name}`}>
          {showsService && <span className="secondary">{span.service} </span>}
          {span.name}
        </span>
        {isCollapsed && <span className="span-hidden">{children.length}</span>}
        {failed && <StateIcon state="error" size={14} />}
      </span>
      <SpanBar node={node} view={view} sections={sections} wait={wait} failed={failed} />
    </div>
  )
})

type SpanBarProps = Pick<SpanRowProps, 'node' | 'view' | 'sections' | 'wait'> & { failed: boolean }

function SpanBar({ node, view, sections, wait, failed }: SpanBarProps) {
  const length = Math.max(view.to - view.from, 1e-6)
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - view.from) / length)) * 100
  const left = share(node.offset)
  const right = share(node.offset + node.duration)
  const isOutside = node.offset > view.to || node.offset + node.duration < view.from
  return (
    <span className="span-bars">
      {!isOutside && (
        <span
          className="span-bar"
          style={{ left: `${left}%`, width: `${right - left}%`, background: serviceColour(node.span.service) }}
        />
      )}
      {wait && (
        <span
          className="span-critical is-waiting"
          title={`Nothing ran for ${durationText(wait.to - wait.from)}`}
          style={{ left: `${share(wait.from)}%`, width: `${share(wait.to) - share(wait.from)}%` }}
        />
      )}
      {sections?.map(({ from, to }) => (
        <span
          key={from}
          className="span-critical"
          style={{ left: `${share(from)}%`, width: `${share(to) - share(from)}%` }}
        />
      ))}
      <span className={failed ? 'span-duration is-error' : 'span-duration'} style={{ left: `${right}%` }}>
        {durationText(node.duration)}
      </span>
    </span>
  )
}
