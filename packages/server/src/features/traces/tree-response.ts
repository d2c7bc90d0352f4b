import type { PathSegment } from '@burstlet/contract/trace-analysis/critical-path'
import { spanKindOf, spanStatusOf, type TraceTreeResponse, type TreeSpan } from '@burstlet/contract/traces'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { encodeCursor } from '../../querying/time/cursor.ts'
import { isoOfNanoseconds } from '../../querying/time/time-range.ts'
import { readColumns } from './read-tree.ts'
import { TraceSpanTree } from './tree.ts'

const maxPieces = 1000

export interface TreeQuestion {
  readonly span?: string | undefined
  readonly depth: number
  readonly limit: number
  /** Spans of the pages before. */
  readonly skip: number
}

/** @returns undefined when there is no such trace, or no such span in it */
export async function readTree(
  context: QueryContext,
  traceId: string,
  question: TreeQuestion,
): Promise<TraceTreeResponse | undefined> {
  const columns = await readColumns(context, traceId)
  if (!columns) return undefined
  const tree = new TraceSpanTree(columns)
  const from = question.span === undefined ? undefined : tree.find(question.span)
  if (question.span !== undefined && from === undefined) return undefined
  const { statuses, services } = columns
  const totals = new Map<string, { spans: number; errors: number; self: number }>()
  for (let span = 0; span < columns.count; span++) {
    const total = totals.get(services[span]!) ?? { spans: 0, errors: 0, self: 0 }
    total.spans += 1
    total.errors += statuses[span] === 2 ? 1 : 0
    total.self += tree.self[span]!
    totals.set(services[span]!, total)
  }
  const path = tree.criticalPath()
  const critical = new Set(path.map(({ span }) => span))
  const page: TreeSpan[] = []
  let place = 0
  let more = false
  for (const span of tree.walk(from === undefined ? tree.roots : [from], question.depth)) {
    if (place++ < question.skip) continue
    if (page.length === question.limit) {
      more = true
      break
    }
    page.push(treeSpan(tree, span, critical.has(span)))
  }
  return {
    traceId,
    startTime: isoOfNanoseconds(columns.start),
    durationMs: tree.duration / 1e6,
    spanCount: columns.count,
    errorCount: statuses.reduce((sum, status) => sum + (status === 2 ? 1 : 0), 0),
    truncated: columns.truncated,
    services: [...totals]
      .map(([service, { spans, errors, self }]) => ({ service, spans, errors, selfMs: self / 1e6 }))
      .sort((a, b) => b.selfMs - a.selfMs || (a.service < b.service ? -1 : 1)),
    criticalPath: longestPieces(path).map((piece) => ({
      spanId: tree.id(piece.span),
      service: services[piece.span]!,
      name: columns.names[piece.span]!,
      offsetMs: piece.from / 1e6,
      durationMs: (piece.to - piece.from) / 1e6,
    })),
    items: page,
    nextCursor: more ? encodeCursor(['0', String(question.skip + page.length)]) : null,
  }
}

function longestPieces(path: readonly PathSegment[]): PathSegment[] {
  return path
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, maxPieces)
    .sort((a, b) => a.from - b.from)
}

function treeSpan(tree: TraceSpanTree, span: number, critical: boolean): TreeSpan {
  const { columns } = tree
  return {
    spanId: tree.id(span),
    parentSpanId: tree.parentId(span),
    depth: tree.depth[span]!,
    service: columns.services[span]!,
    name: columns.names[span]!,
    kind: spanKindOf(columns.kinds[span]!),
    status: spanStatusOf(columns.statuses[span]!),
    offsetMs: columns.offsets[span]! / 1e6,
    durationMs: columns.durations[span]! / 1e6,
    selfMs: tree.self[span]! / 1e6,
    children: tree.children(span).length,
    descendants: tree.descendants[span]!,
    errorsBelow: tree.errorsBelow[span]!,
    critical,
  }
}
