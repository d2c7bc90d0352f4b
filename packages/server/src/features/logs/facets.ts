import { levels } from '@burstlet/contract/common'
import type { LogsFacetsResponse } from '@burstlet/contract/logs'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'
import { newestTime } from './sample.ts'

const maxRecords = 10_000
const maxFields = 50
const maxValues = 10

interface FacetRow {
  readonly field: string
  readonly records: string
  readonly values: [value: string, count: string][]
}

const levelName = `[${levels.map((name) => `'${name}'`).join(', ')}][toUInt8(least(intDiv(severity + 3, 4), 6)) + 1]`

/** The commonest values of the fields of the newest records that the search finds. */
export async function readFacets(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
): Promise<LogsFacetsResponse> {
  const time = await newestTime(context, search, range, maxRecords)
  const parameters = new Parameters()
  const match = matchLogs(search, context, time, parameters)
  const rows = await context.reader.query<FacetRow>({
    sql: `
SELECT field, toString(sum(count)) AS records,
  arrayMap(pair -> (pair.1, toString(pair.2)), arraySlice(arraySort(pair -> (-toInt64(pair.2), pair.1), groupArray((value, count))), 1, ${maxValues})) AS values
FROM (
  SELECT pair.1 AS field, pair.2 AS value, count() AS count
  FROM (
    SELECT arrayJoin(arrayConcat(
      [('service.name', toString(service)), ('level', ${levelName})],
      if(event_name = '', [], [('event_name', toString(event_name))]),
      arrayMap((key, value) -> (toString(key), substringUTF8(value, 1, 200)), mapKeys(attr_s), mapValues(attr_s)),
      arrayMap((key, value) -> (toString(key), toString(value)), mapKeys(attr_i), mapValues(attr_i)),
      arrayMap((key, value) -> (toString(key), toString(value)), mapKeys(attr_f), mapValues(attr_f)),
      arrayMap((key, value) -> (toString(key), toString(value)), mapKeys(attr_b), mapValues(attr_b))
    )) AS pair
    FROM (SELECT * FROM logs WHERE ${match} ORDER BY logs.time DESC, record_id DESC LIMIT ${maxRecords})
  )
  GROUP BY field, value
)
GROUP BY field
ORDER BY field IN ('service.name', 'level') DESC, sum(count) DESC, field
LIMIT ${maxFields + 2}`,
    params: parameters.params,
    signal: context.signal,
  })
  const facets = rows.map(({ field, records, values }) => ({
    field,
    records: Number(records),
    values: values.map(([value, count]) => ({ value, count: Number(count) })),
  }))
  return { sampled: facets.find(({ field }) => field === 'level')?.records ?? 0, facets }
}
