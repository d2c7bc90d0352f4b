const maxText = 4096
const maxDepth = 20

/**
 * A query that is a JSON document, as those of MongoDB and Elasticsearch, with each value as a question mark; names of fields
 * stay. Undefined where the text is none.
 */
export function maskDocument(statement: string): string | undefined {
  let document: unknown
  try {
    document = JSON.parse(statement)
  } catch {
    return undefined
  }
  return JSON.stringify(masked(document, 0)).slice(0, maxText)
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return '?'
  if (Array.isArray(value)) return value.slice(0, 100).map((one) => masked(one, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, masked(one, depth + 1)]))
}
