import { defaultRange } from '../time/range.ts'

/** What stands in the URL of every page. Values are text only, so that an id of digits stays an id. */
export interface PageSearch {
  from?: string
  to?: string
  /** Seconds between refreshes; `0` is off. */
  refresh?: string
}

export const refreshSeconds = ['0', '2', '5', '10', '30', '60', '300'] as const
export const defaultRefresh = '10'

/** `?a=1&b=x` to an object of text; a repeated name keeps its last value. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

/** An object back to `?a=1&b=x`; what is empty is left out, so that links stay short. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(name, value)
  }
  const text = params.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text ? `?${text}` : ''
}

/** Keeps only the given names, as text; the page's own are always among them. */
export function pick<Name extends string>(
  names: readonly Name[],
): (search: Record<string, unknown>) => PageSearch & Partial<Record<Name, string>> {
  return (search) => {
    const kept: Record<string, string> = {}
    for (const name of [...names, 'from', 'to', 'refresh']) {
      const value = search[name]
      if (typeof value === 'string' && value !== '') kept[name] = value.slice(0, 4000)
    }
    if (kept['from'] === defaultRange.from && kept['to'] === defaultRange.to) {
      delete kept['from']
      delete kept['to']
    }
    if (kept['refresh'] === defaultRefresh) delete kept['refresh']
    return kept as PageSearch & Partial<Record<Name, string>>
  }
}

/** For links between pages: the time range and refresh come along, a page's own filters do not. */
export function keepRange(search: Record<string, unknown>): PageSearch {
  return pick([])(search)
}

/** As {@link keepRange}, with filters of the page that the link leads to. */
export function withRange(filters: Record<string, string>): (search: Record<string, unknown>) => PageSearch {
  return (search) => ({ ...keepRange(search), ...filters })
}
