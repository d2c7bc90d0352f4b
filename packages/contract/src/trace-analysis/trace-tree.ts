/** The spans of one trace, by columns; a span is known by its place in them. */
export interface TraceSpans {
  readonly ids: readonly string[]
  /** null for a span without a parent. */
  readonly parentIds: readonly (string | null)[]
  /** Whether the span's kind is SERVER: only then may it share its id with another one, that of its client. */
  readonly areServers: readonly boolean[]
  /** Whole nanoseconds since the first start of the trace (see `nanosSinceFirst`). */
  readonly starts: readonly number[]
  /** Whole nanoseconds. A negative one counts as 0. */
  readonly durations: readonly number[]
}

/** A trace as a forest over the places of its spans. */
export interface TraceTree {
  readonly starts: readonly number[]
  readonly ends: Float64Array
  /** The place of each span's parent; {@link noSpan} for a root. */
  readonly parents: Int32Array
  /** Spans whose parent is not there, in the order of siblings. */
  readonly roots: readonly number[]
  /** In the order of siblings: earliest start first, then the longer one, then the lesser id. */
  readonly children: readonly (readonly number[])[]
  /** All spans as a tree is drawn: a span, then what is below it, sibling by sibling. */
  readonly drawn: Int32Array
}

export const noSpan = -1

const noChildren: readonly number[] = []

/**
 * Puts each span below its parent. Every span stands in the tree once, whatever was sent: one whose parent did not arrive
 * is a root, and so is the earliest of spans whose parents go round in a circle. The order in which the spans come
 * changes nothing. Takes O(n log n), and no depth of the tree is too much.
 */
export function linkSpans(spans: TraceSpans): TraceTree {
  const { starts, durations } = spans
  const count = starts.length
  const ends = Float64Array.from(starts, (start, span) => start + Math.max(0, durations[span]!))
  const siblings = placesInOrder(spans, ends)
  const parents = parentsOf(spans, siblings)
  cutCircles(parents, siblings)
  const roots: number[] = []
  const children = new Array<number[] | readonly number[]>(count).fill(noChildren)
  for (const span of siblings) {
    const parent = parents[span]!
    if (parent === noSpan) roots.push(span)
    else if (children[parent] === noChildren) children[parent] = [span]
    else (children[parent] as number[]).push(span)
  }
  return { starts, ends, parents, roots, children, drawn: drawnOrder(roots, children) }
}

function placesInOrder({ starts, ids }: TraceSpans, ends: Float64Array): Int32Array {
  return Int32Array.from(starts, (_, span) => span).sort(
    (a, b) =>
      starts[a]! - starts[b]! || ends[b]! - ends[a]! || (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b),
  )
}

/**
 * A client and a server may share one id (Zipkin's B3 propagation allows it): the server is below the client then, and
 * whoever names the id as its parent was called by the server. Of several others with one id the first counts.
 */
function parentsOf({ ids, parentIds, areServers }: TraceSpans, siblings: Int32Array): Int32Array {
  const servers = new Map<string, number>()
  const others = new Map<string, number>()
  for (const span of siblings) {
    const sameId = areServers[span] ? servers : others
    if (!sameId.has(ids[span]!)) sameId.set(ids[span]!, span)
  }
  return Int32Array.from(ids, (id, span) => {
    const client = areServers[span] ? others.get(id) : undefined
    if (client !== undefined) return client
    const parentId = parentIds[span]
    if (parentId === null || parentId === undefined) return noSpan
    const parent = servers.get(parentId) ?? others.get(parentId)
    return parent === undefined || parent === span ? noSpan : parent
  })
}

function cutCircles(parents: Int32Array, siblings: Int32Array): void {
  const ranks = new Int32Array(parents.length)
  siblings.forEach((span, rank) => {
    ranks[span] = rank
  })
  const walks = new Int32Array(parents.length)
  siblings.forEach((start, rank) => {
    const walk = rank + 1
    let span = start
    while (span !== noSpan && walks[span] === 0) {
      walks[span] = walk
      span = parents[span]!
    }
    // Back at a span that this very walk has passed: a circle, whose earliest span need not be the one that led into it.
    if (span === noSpan || walks[span] !== walk) return
    let earliest = span
    for (let other = parents[span]!; other !== span; other = parents[other]!)
      if (ranks[other]! < ranks[earliest]!) earliest = other
    parents[earliest] = noSpan
  })
}

function drawnOrder(roots: readonly number[], children: readonly (readonly number[])[]): Int32Array {
  const drawn = new Int32Array(children.length)
  const open = roots.toReversed()
  let index = 0
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    drawn[index++] = span
    for (const child of children[span]!.toReversed()) open.push(child)
  }
  return drawn
}
