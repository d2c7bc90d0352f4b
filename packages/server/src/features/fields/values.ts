import type { FieldValuesResponse } from '@burstlet/contract/fields'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { type Sampling, sampleNewest } from './sample.ts'

/** Columns of their own are narrow: many rows of them are looked at as fast as a few of the maps. */
const narrow = new Set([
  'service',
  'service.name',
  'name',
  'operation',
  'kind',
  'status',
  'level',
  'http.route',
  'http.request.method',
  'http.method',
  'db.system',
  'db.system.name',
])
const sampleRows = { narrow: 5_000_000, wide: 200_000 }

interface ValueRow {
  readonly value: string
  readonly n: string
  readonly found: number
  /** Rows of the slice, those beyond the limit too. */
  readonly total: string
}

/** Values of a field in the newest rows with how many have them. @param search a part of the value, in any case */
export async function readFieldValues(
  context: QueryContext,
  sampling: Omit<Sampling, 'rows'>,
  key: string,
  search: string | undefined,
  limit: number,
): Promise<FieldValuesResponse> {
  const { rows, sampled } = await sampleNewest<ValueRow>(
    context,
    { ...sampling, rows: narrow.has(key) ? sampleRows.narrow : sampleRows.wide },
    ({ fields, where, weight, parameters }) => {
      const [text] = fields.keys([key])
      const matching =
        search === undefined ? '' : `\nWHERE positionCaseInsensitiveUTF8(v, ${parameters.value('String', search)}) > 0`
      return `
SELECT v AS value, count() AS n, sum(w) AS found, sum(count()) OVER () AS total
FROM (SELECT ${text} AS v, ${weight} AS w FROM ${fields.from} WHERE ${where})${matching}
GROUP BY v
ORDER BY n DESC
LIMIT 10000`
    },
    (read) => Number(read[0]?.total ?? 0),
  )
  const counts = new Map<string, number>()
  for (const { value, found } of rows) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + found)
  const items = [...counts].map(([value, count]) => ({ value, count }))
  return {
    key,
    items: items.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit),
    nextCursor: null,
    sampled,
  }
}
