import type { MapEdge, MapNode, nodeKinds, ServiceMapResponse } from '@burstlet/contract/service-map'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { percentile } from '../red/percentile.ts'
import type { RedRow } from '../red/red.ts'
import { readServiceRed, type ServiceRed } from '../red/services.ts'
import { type EdgeRow, readEdges } from './read-edges.ts'

type Kind = (typeof nodeKinds)[number]

const maxEdges = 2000

/**
 * Who asks whom in the range, and how it goes.
 * @param service only it and its neighbours
 * @param red of every service, where it is read already
 */
export async function readServiceMap(
  context: QueryContext,
  range: TimeRange,
  service?: string,
  red = readServiceRed(context, range),
): Promise<ServiceMapResponse> {
  const [{ rows, complete, completeAt }, services] = await Promise.all([
    readEdges(context, range, maxEdges + 1, service),
    red,
  ])
  const shown = service === undefined ? services : services.filter((each) => each.service === service)
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    ...mapOf(rows.slice(0, maxEdges), services, shown),
    truncated: rows.length > maxEdges,
    complete,
    completeAt,
  }
}

/**
 * @param services with their entry spans, so that a call to one of them is known for one even when its own span is missing
 * @param shown those that are nodes even without an edge
 */
export function mapOf(
  rows: readonly EdgeRow[],
  services: readonly ServiceRed[],
  shown: readonly ServiceRed[],
): { nodes: MapNode[]; edges: MapEdge[] } {
  const known = new Set([
    ...services.map((each) => each.service),
    ...rows.flatMap(({ source, source_kind, target, target_kind }) => [
      ...(source_kind === 'service' ? [source] : []),
      ...(target_kind === 'service' ? [target] : []),
    ]),
  ])
  const kindOf = (name: string, kind: string) => (kind === 'external' && known.has(name) ? 'service' : kind) as Kind
  const ends = rows.map((row) => {
    const sourceKind = kindOf(row.source, row.source_kind)
    const targetKind = kindOf(row.target, row.target_kind)
    return { row, sourceKind, targetKind, source: idOf(row.source, sourceKind), target: idOf(row.target, targetKind) }
  })
  const edges = [...Map.groupBy(ends, ({ source, target }) => JSON.stringify([source, target]))].map(
    ([, [first, ...others]]) => ({
      source: first!.source,
      target: first!.target,
      ...figures(together([first!, ...others].map(({ row }) => row))),
    }),
  )
  const askedOf = Map.groupBy(ends, ({ target }) => target)
  const redOf = new Map(services.map((each) => [each.service, each]))
  const nodes = new Map<string, MapNode>()
  for (const each of shown) nodes.set(idOf(each.service, 'service'), nodeOf(each.service, 'service', each))
  for (const { row, sourceKind, targetKind, source, target } of ends) {
    for (const [id, name, kind] of [
      [source, row.source, sourceKind] as const,
      [target, row.target, targetKind] as const,
    ]) {
      if (nodes.has(id)) continue
      const asked = (askedOf.get(id) ?? []).map((end) => end.row)
      const own = kind === 'service' ? redOf.get(name) : undefined
      nodes.set(id, nodeOf(name, kind, own ?? together(asked)))
    }
  }
  return {
    nodes: [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: edges.sort((a, b) => b.requests - a.requests || (a.source + a.target < b.source + b.target ? -1 : 1)),
  }
}

/** A service is known by its name; one that is named like another kind of node is told apart. */
function idOf(name: string, kind: Kind): string {
  if (kind !== 'service') return `${kind}:${name}`
  return /^(?:service|database|queue|external):/.test(name) ? `service:${name}` : name
}

function nodeOf(name: string, kind: Kind, row: RedRow): MapNode {
  return { id: idOf(name, kind), kind, name, ...figures(row) }
}

function figures(row: RedRow) {
  return { requests: row.requests, errors: row.failed, p95: percentile(row, 95) }
}

function together(rows: readonly RedRow[]): RedRow {
  const durations = new Map<number, number>()
  for (const [bucket, count] of rows.flatMap((row) => row.durations)) {
    durations.set(bucket, (durations.get(bucket) ?? 0) + count)
  }
  const sum = (of: (row: RedRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
    totalUs: sum(({ totalUs }) => totalUs),
    maxUs: String(Math.max(0, ...rows.map(({ maxUs }) => Number(maxUs)))),
    durations: [...durations],
  }
}
