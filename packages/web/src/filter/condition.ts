const plainKey = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/
const keyword = /^(?:and|or|not|in|exists|contains|like|regexp|true|false)$/i

/**
 * A condition of the filter language on one attribute, as `http.route = '/videos'`.
 * @returns null for what a condition cannot compare: lists, objects, keys with a backtick
 */
export function condition(key: string, operator: '=' | '!=', value: unknown): string | null {
  if (key.includes('`') || key === '') return null
  const field = plainKey.test(key) && !keyword.test(key) ? key : `\`${key}\``
  const literal = literalOf(value)
  return literal === null ? null : `${field} ${operator} ${literal}`
}

/** A filter narrowed by one more condition; a filter with OR in it is put in brackets first. */
export function narrowed(filter: string | undefined, more: string): string {
  if (!filter) return more
  if (filter.includes(more)) return filter
  return `${/\bor\b/i.test(filter) ? `(${filter})` : filter} AND ${more}`
}

function literalOf(value: unknown): string | null {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string') return null
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
