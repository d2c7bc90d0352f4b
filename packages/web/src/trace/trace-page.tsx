import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Page } from '../app/page.tsx'
import { ErrorState } from '../panel/error-state.tsx'
import { LoadingLine } from '../panel/loading-line.tsx'
import { assignSlots } from '../services/colour-slot.ts'
import { pathSections } from './path-sections.ts'
import { buildTree } from './span-tree.ts'
import { TraceView } from './trace-view.tsx'
import { useTrace } from './use-trace.ts'
import './trace-page.css'

/** One trace: figures, mini-map, waterfall, span details and logs. */
export function TracePage() {
  const { traceId } = useParams({ strict: false }) as { traceId: string }
  const query = useTrace(traceId)
  const trace = query.data
  const model = useMemo(() => {
    if (!trace || trace.spans.length === 0) return null
    assignSlots([...new Set(trace.spans.map((span) => span.service))])
    const tree = buildTree(trace.spans)
    return { trace, tree, path: pathSections(tree) }
  }, [trace])
  const title = model?.tree.roots[0]?.span.name ?? `Trace ${traceId.slice(0, 8)}`

  return (
    <Page title={title} parent={{ title: 'Traces', path: '/traces' }} fitted>
      {model && <TraceView key={traceId} {...model} />}
      {!model && (
        <section className="panel">
          <LoadingLine active={query.isPending} />
          {query.error && <ErrorState error={query.error} onRetry={query.refetch} />}
        </section>
      )}
    </Page>
  )
}
