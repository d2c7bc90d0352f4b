import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { plural } from '../format/number.ts'

type Tab = 'waterfall' | 'logs'

interface TraceTabsProps {
  tab: Tab
  onTab: (tab: Tab) => void
  errorCount: number
  errorAt: number
  onError: (by: 1 | -1) => void
}

const tabs = [
  ['waterfall', 'Waterfall'],
  ['logs', 'Logs'],
] as const

/** The head of a trace's main panel: its tabs and the walk over errors. */
export function TraceTabs({ tab, onTab, errorCount, errorAt, onError }: TraceTabsProps) {
  return (
    <header className="panel-head trace-tabs">
      <div role="tablist" aria-label="Views of the trace" className="tabs">
        {tabs.map(([value, label]) => (
          <button
            key={value}
            type="button"
            role="tab"
            aria-selected={tab === value}
            className="tab"
            onClick={() => onTab(value)}
          >
            {label}
          </button>
        ))}
      </div>
      {tab === 'waterfall' && (
        <span className="panel-aside">
          <span className="critical-key wide-only">critical path</span>
          {errorCount > 0 && (
            <span className="button-group">
              <button type="button" className="button is-icon" aria-label="Error before" onClick={() => onError(-1)}>
                <IconArrowUp size={14} aria-hidden />
              </button>
              <button type="button" className="button" aria-label="Next error" onClick={() => onError(1)}>
                {errorAt >= 0 ? `Error ${errorAt + 1} of ${errorCount}` : plural(errorCount, 'error')}
                <IconArrowDown size={14} aria-hidden />
              </button>
            </span>
          )}
        </span>
      )}
    </header>
  )
}
