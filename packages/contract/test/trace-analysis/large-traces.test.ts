import { criticalPath } from '@burstlet/contract/trace-analysis/critical-path'
import { selfTimes } from '@burstlet/contract/trace-analysis/self-time'
import { linkSpans, type TraceSpans, type TraceTree } from '@burstlet/contract/trace-analysis/trace-tree'
import { describe, expect, it } from 'vitest'

const count = 100_000

/** `span` says of each place its parent's place (undefined for none), its start and its end. */
function large(span: (place: number) => [parent: number | undefined, from: number, to: number]): TraceTree {
  const rows = Array.from({ length: count }, (_, place) => span(place))
  const spans: TraceSpans = {
    ids: rows.map((_, place) => String(place)),
    parentIds: rows.map(([parent]) => (parent === undefined ? null : String(parent))),
    areServers: rows.map(() => false),
    starts: rows.map(([, from]) => from),
    durations: rows.map(([, from, to]) => to - from),
  }
  return linkSpans(spans)
}

const above = (place: number) => (place === 0 ? undefined : place - 1)

/** The deadline is generous: an algorithm of quadratic time takes minutes, one that recurses ends with a full stack. */
describe('a hundred thousand spans', { timeout: 60_000 }, () => {
  const check = (tree: TraceTree, segments: number) => {
    const path = criticalPath(tree)
    expect(path).toHaveLength(segments)
    expect(path[0]!.from).toBe(tree.starts.reduce((least, start) => Math.min(least, start)))
    expect(path.at(-1)!.to).toBe(tree.ends.reduce((most, end) => Math.max(most, end)))
    expect(selfTimes(tree)).toHaveLength(count)
  }
  it('each within the other', () => {
    check(
      large((place) => [above(place), place, 3 * count - place]),
      2 * count - 1,
    )
  })
  it('each outliving the other', () => {
    check(
      large((place) => [above(place), place, count + 2 * place]),
      count,
    )
  })
  it('each begun after the other had ended, as through as many queues', () => {
    check(
      large((place) => [above(place), 3 * place, 3 * place + 1]),
      2 * count - 1,
    )
  })
  it('each before the other by a wrong clock', () => {
    check(
      large((place) => [above(place), 2 * (count - place), 2 * (count - place) + 5]),
      count,
    )
  })
  it('in a circle, and in circles of two', () => {
    check(
      large((place) => [place === 0 ? count - 1 : place - 1, place, place + 1]),
      count,
    )
    check(
      large((place) => [place ^ 1, place, place + 1]),
      count,
    )
  })
  it('all below one root, beside each other and one after the other', () => {
    check(
      large((place) => [place === 0 ? undefined : 0, place === 0 ? 0 : 1, place === 0 ? 9 : 8]),
      3,
    )
    check(
      large((place) => [
        place === 0 ? undefined : 0,
        place === 0 ? 0 : 2 * place,
        place === 0 ? 3 * count : 2 * place + 1,
      ]),
      2 * count - 1,
    )
  })
  it('half of them deep, half of them begun far below in what had ended', () => {
    const deep = count / 2
    check(
      large((place) =>
        place < deep
          ? [above(place), place, 4 * count - place]
          : [deep - 1, 4 * count + 2 * place, 4 * count + 2 * place + 1],
      ),
      count + 2 * deep - 1,
    )
  })
})
