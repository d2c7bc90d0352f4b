import { FilterError } from '@burstlet/query-language/filter'
import { didYouMean } from '@burstlet/query-language/suggest'

/** What groups are ordered by, and which are kept when there are more than the limit. */
export interface Order {
  /** Place of an aggregate, or a key of groupBy. */
  readonly by: number | string
  readonly descending: boolean
}

/**
 * Reads `value desc`, `http.route`, `p95(duration) asc`.
 * @throws FilterError when there is no such key or aggregate
 */
export function readOrder(
  text: string | undefined,
  groupBy: readonly string[],
  aggregates: readonly { readonly text: string }[],
): Order {
  if (text === undefined) return { by: 0, descending: true }
  const [, written = '', direction] = /^\s*(.*?)(?:\s+(asc|desc))?\s*$/is.exec(text) ?? []
  const by = placeOf(written, groupBy, aggregates)
  return { by, descending: direction ? direction.toLowerCase() === 'desc' : typeof by === 'number' }
}

function placeOf(
  written: string,
  groupBy: readonly string[],
  aggregates: readonly { readonly text: string }[],
): number | string {
  if (groupBy.includes(written)) return written
  if (written === 'value') return 0
  const place = aggregates.findIndex(({ text }) => text === written)
  if (place >= 0) return place
  const known = ['value', ...groupBy, ...aggregates.map(({ text }) => text)]
  const hint = didYouMean(written, known) ?? `There are ${known.join(', ')}`
  throw new FilterError(`${written || 'Nothing'} can not be ordered by`, 1, hint)
}

/** Keys and values of a group, to be compared with another. */
interface Ordered {
  readonly keys: readonly string[]
  readonly values: readonly (number | null)[]
}

/** How groups are sorted; those without a value come last, whichever way. */
export function compareGroups(
  { by, descending }: Order,
  groupBy: readonly string[],
): (a: Ordered, b: Ordered) => number {
  const direction = descending ? -1 : 1
  const byKeys = (a: Ordered, b: Ordered) => compareTexts(JSON.stringify(a.keys), JSON.stringify(b.keys))
  if (typeof by === 'string') {
    const place = groupBy.indexOf(by)
    return (a, b) => compareTexts(a.keys[place] ?? '', b.keys[place] ?? '') * direction || byKeys(a, b)
  }
  return (a, b) => {
    const [left = null, right = null] = [a.values[by], b.values[by]]
    if (left === null || right === null) return left === right ? byKeys(a, b) : left === null ? 1 : -1
    return (left - right) * direction || byKeys(a, b)
  }
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
