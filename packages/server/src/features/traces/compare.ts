import type { CompareBody, CompareResponse } from '@burstlet/contract/traces'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { matchCondition, spanFilter } from './match.ts'

/** Spans of each side; the newest are compared. */
const maxSpans = 100_000
/** How many standard errors a difference must be to be more than chance, among thousands of values that are looked at. */
const leastDeviation = 4

interface ValueRow {
  readonly key: string
  readonly value: string
  readonly selected: string
  readonly rest: string
  readonly allSelected: string
  readonly allRest: string
}

const pairs = (map: string, prefix = '') =>
  `arrayMap((key, value) -> (concat('${prefix}', toString(key)), substringUTF8(toString(value), 1, 200)), mapKeys(${map}), mapValues(${map}))`

/** Attributes, hot columns and attributes of the resource of spans that fulfil the choice, on either side. */
export async function compareSpans(
  context: QueryContext,
  range: TimeRange,
  body: CompareBody,
): Promise<CompareResponse> {
  const parameters = new Parameters()
  const value = (type: string, of: unknown) => parameters.value(type, of)
  const days = value('UInt32', context.retention.traces)
  const { service, operation, filter, selected } = body
  const chosen = all([
    `received >= now() - toIntervalDay(${days})`,
    `spans.start >= fromUnixTimestamp64Nano(${value('Int64', nanoseconds(range.from))})`,
    `spans.start < fromUnixTimestamp64Nano(${value('Int64', nanoseconds(range.to))})`,
    matchCondition({ service, operation, filter }, context, parameters),
  ])
  const apart = all([
    matchCondition({ status: selected.status, minSpanDuration: selected.minDuration }, context, parameters),
    selected.filter === undefined ? undefined : spanFilter(selected.filter, context, parameters),
  ])
  const rows = await context.reader.query<ValueRow>({
    sql: `
WITH looked_at AS (
  SELECT (${apart}) AS is_selected, service, name, kind, res_hash, user_id, session_id, attr_s, attr_i, attr_f, attr_b
  FROM spans WHERE ${chosen}
  ORDER BY spans.start DESC LIMIT ${maxSpans} BY is_selected
)
SELECT pair.1 AS key, pair.2 AS value, toString(sum(in_selected)) AS selected, toString(sum(in_rest)) AS rest,
  toString((SELECT countIf(is_selected) FROM looked_at)) AS allSelected, toString((SELECT countIf(NOT is_selected) FROM looked_at)) AS allRest
FROM (
  SELECT pair, countIf(is_selected) AS in_selected, countIf(NOT is_selected) AS in_rest
  FROM (
    SELECT is_selected, arrayJoin(arrayConcat(
      [('service.name', toString(service)), ('name', toString(name))],
      if(user_id IS NULL, [], [('user.id', assumeNotNull(user_id))]),
      if(session_id IS NULL, [], [('session.id', assumeNotNull(session_id))]),
      ${['attr_s', 'attr_i', 'attr_f', 'attr_b'].map((map) => pairs(map)).join(', ')}
    )) AS pair
    FROM looked_at
  )
  GROUP BY pair
  UNION ALL
  SELECT arrayJoin(${pairs('sender.attr_s', 'resource.')}) AS pair, in_selected, in_rest
  FROM (SELECT res_hash, countIf(is_selected) AS in_selected, countIf(NOT is_selected) AS in_rest FROM looked_at GROUP BY res_hash) AS senders
  INNER JOIN (
    SELECT hash, attr_s FROM resources WHERE received >= now() - toIntervalDay(${days}) LIMIT 1 BY hash
  ) AS sender ON sender.hash = senders.res_hash
)
GROUP BY key, value
ORDER BY abs(sum(in_selected) / greatest(allSelected::UInt64, 1) - sum(in_rest) / greatest(allRest::UInt64, 1)) DESC, key, value
LIMIT 5000`,
    params: parameters.params,
    signal: context.signal,
  })
  const allSelected = Number(rows[0]?.allSelected ?? 0)
  const allRest = Number(rows[0]?.allRest ?? 0)
  const shares = rows.map((row) => {
    const [inSelected, inRest] = [Number(row.selected), Number(row.rest)]
    const selectedShare = allSelected === 0 ? 0 : inSelected / allSelected
    const restShare = allRest === 0 ? 0 : inRest / allRest
    return {
      key: row.key,
      value: row.value,
      selected: { count: inSelected, share: selectedShare },
      rest: { count: inRest, share: restShare },
      difference: selectedShare - restShare,
    }
  })
  return {
    selected: allSelected,
    rest: allRest,
    attributes: shares.filter((each) => isMoreThanChance(each, allSelected, allRest)).slice(0, body.limit),
  }
}

/** Two shares that differ by so many standard errors of their difference. */
function isMoreThanChance(
  { selected, rest, difference }: CompareResponse['attributes'][number],
  allSelected: number,
  allRest: number,
): boolean {
  if (allSelected === 0 || allRest === 0) return false
  const share = (selected.count + rest.count) / (allSelected + allRest)
  const error = Math.sqrt(share * (1 - share) * (1 / allSelected + 1 / allRest))
  return error > 0 && Math.abs(difference) >= leastDeviation * error
}
