import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useKeys } from '../keyboard/keys.ts'
import { useSetSearch } from '../time/use-range.ts'
import { MiniMap } from './mini-map.tsx'
import type { PathSections } from './path-sections.ts'
import { SpanPanel } from './span-panel.tsx'
import { ancestors, type SpanNode, type SpanTree, visibleRows } from './span-tree.ts'
import { TraceFigures } from './trace-figures.tsx'
import { TraceLogs } from './trace-logs.tsx'
import { TraceTabs } from './trace-tabs.tsx'
import type { LoadedTrace } from './use-trace.ts'
import { Waterfall } from './waterfall.tsx'

interface TraceViewProps {
  trace: LoadedTrace
  tree: SpanTree
  path: PathSections
}

/** What stands in the URL of a trace: the chosen span and the tab. */
interface TraceSearch {
  span?: string
  tab?: string
}

export function TraceView({ trace, tree, path }: TraceViewProps) {
  const { span: chosenId, tab } = useSearch({ strict: false }) as TraceSearch
  const setSearch = useSetSearch()
  const isNarrow = useMediaQuery('(max-width: 1100px)', false, { getInitialValueInEffect: false })
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [view, setView] = useState({ from: 0, to: tree.duration })
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed])
  const errors = useMemo(() => visibleRows(tree, new Set()).filter((node) => node.span.status === 'error'), [tree])
  const chosen = chosenId ? tree.byId.get(chosenId) : undefined

  const choose = (node: SpanNode | undefined) => {
    setSearch({ span: node?.span.spanId }, { replace: true })
    // A span that is reached by key may lie under a collapsed one.
    const above = node ? ancestors(node).filter((one) => collapsed.has(one.span.spanId)) : []
    if (above.length > 0)
      setCollapsed(new Set([...collapsed].filter((id) => !above.some((one) => one.span.spanId === id))))
  }
  const toggle = (id: string) => {
    const next = new Set(collapsed)
    if (!next.delete(id)) next.add(id)
    setCollapsed(next)
  }
  const move = (by: number) => {
    const at = chosen ? rows.indexOf(chosen) : -1
    choose(rows[Math.min(rows.length - 1, Math.max(0, at + by))])
  }
  const errorAt = chosen ? errors.indexOf(chosen) : -1
  const moveError = (by: 1 | -1) => {
    if (errors.length === 0) return
    const from = errorAt === -1 && by === -1 ? 0 : errorAt
    choose(errors[(from + by + errors.length) % errors.length])
  }
  useKeys([
    { keys: 'j', does: 'Next span', run: () => move(1) },
    { keys: 'k', does: 'Span before', run: () => move(-1) },
    { keys: 'n', does: 'Next error', run: () => moveError(1) },
    { keys: 'p', does: 'Error before', run: () => moveError(-1) },
    { keys: 'Enter', does: 'Collapse or expand the span', run: () => chosen && toggle(chosen.span.spanId) },
    { keys: 'Escape', does: 'Close the span', run: () => choose(undefined) },
  ])

  const panel = chosen && <SpanPanel node={chosen} tree={tree} onClose={() => choose(undefined)} />
  return (
    <>
      <TraceFigures trace={trace} tree={tree} path={path} errorCount={errors.length} />
      <MiniMap tree={tree} view={view} onView={setView} />
      <div className="trace-columns">
        <section className="panel trace-main" aria-label="Spans and logs">
          <TraceTabs
            tab={tab === 'logs' ? 'logs' : 'waterfall'}
            onTab={(next) => setSearch({ tab: next === 'waterfall' ? undefined : next })}
            errorCount={errors.length}
            errorAt={errorAt}
            onError={moveError}
          />
          {tab === 'logs' ? (
            <TraceLogs traceId={trace.traceId} tree={tree} />
          ) : (
            <Waterfall
              rows={rows}
              path={path}
              view={view}
              chosen={chosen}
              collapsed={collapsed}
              onChoose={choose}
              onToggle={toggle}
              onMove={move}
            />
          )}
        </section>
        {!isNarrow && panel}
      </div>
      {isNarrow && (
        <Drawer
          opened={panel !== undefined}
          onClose={() => choose(undefined)}
          position="right"
          size={392}
          withCloseButton={false}
          transitionProps={{ duration: 100 }}
          title={null}
          padding={0}
        >
          {panel}
        </Drawer>
      )}
    </>
  )
}
