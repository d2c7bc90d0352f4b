import type { ClickHouseClient } from '@clickhouse/client'
import { MinuteCounts } from './minute-counts.ts'
import type { Arrivals, PublishedWindow } from './rollup.ts'

/** The writer asks: a pass reads what it is about to write beside. Times are seconds since 1970. */
async function rows<Row>(client: ClickHouseClient, query: string, params: Record<string, unknown>): Promise<Row[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  })
  return result.json<Row>()
}

export interface CountRow {
  readonly minute: string
  readonly spans: string
}

function minuteCounts(counted: readonly CountRow[]): MinuteCounts {
  return new MinuteCounts(counted.map(({ minute, spans }) => [Number(minute), Number(spans)]))
}

/** What has arrived for a space, and what of it is not kept any more. */
export interface Arrived {
  readonly all: MinuteCounts
  readonly lost: MinuteCounts
}

/** Arrivals of each space by minute of their time. @param keptFrom what was received on days before is not kept any more */
export async function readArrivals(
  client: ClickHouseClient,
  { table, column }: Arrivals,
  from: number,
  to: number,
  keptFrom: number,
): Promise<Map<string, Arrived>> {
  const found = await rows<CountRow & { space: string; lost: string }>(
    client,
    `SELECT space, toUnixTimestamp64Second(arrived.minute) AS minute, sum(arrived.${column}) AS spans,
  sumIf(arrived.${column}, arrived.day < toDate(toDateTime({kept_from:Int64}))) AS lost
FROM ${table} AS arrived
WHERE arrived.minute >= toDateTime64({from:Int64}, 0, 'UTC') AND arrived.minute < toDateTime64({to:Int64}, 0, 'UTC')
GROUP BY space, minute`,
    { from, to, kept_from: keptFrom },
  )
  return new Map(
    [...Map.groupBy(found, ({ space }) => space)].map(([space, counted]) => [
      space,
      {
        all: minuteCounts(counted),
        lost: minuteCounts(counted.filter(({ lost }) => lost !== '0').map((row) => ({ ...row, spans: row.lost }))),
      },
    ]),
  )
}

/** The earliest minute since `from` that something arrived late for in the last hour or two; seconds since 1970. */
export async function readEarliestLate(
  client: ClickHouseClient,
  { signal }: Arrivals,
  from: number,
): Promise<number | undefined> {
  const [found] = await rows<{ earliest: string; late: string }>(
    client,
    `SELECT toUnixTimestamp64Second(min(late_arrivals.minute)) AS earliest, count() AS late
FROM late_arrivals
WHERE signal = {signal:String} AND hour >= toDateTime(intDiv(toUnixTimestamp(now()), 3600) * 3600) - 3600
  AND minute >= toDateTime64({from:Int64}, 0, 'UTC')`,
    { signal, from },
  )
  return found && found.late !== '0' ? Number(found.earliest) : undefined
}

/** Minutes of each space that RED has rows of: those whose arrivals were not counted yet are among them. */
export async function readMinutesWithRequests(
  client: ClickHouseClient,
  from: number,
  to: number,
): Promise<Map<string, number[]>> {
  const found = await rows<{ space: string; minutes: string[] }>(
    client,
    `SELECT space, groupUniqArray(toUnixTimestamp64Second(minute)) AS minutes
FROM red_service_1m
WHERE minute >= toDateTime64({from:Int64}, 0, 'UTC') AND minute < toDateTime64({to:Int64}, 0, 'UTC')
GROUP BY space`,
    { from, to },
  )
  return new Map(found.map(({ space, minutes }) => [space, minutes.map(Number)]))
}

export async function readVisible(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown>,
): Promise<MinuteCounts> {
  return minuteCounts(await rows<CountRow>(client, query, params))
}

/** What was computed last of the windows that begin in the range, by their start. */
export async function readPublished(
  client: ClickHouseClient,
  { space, rollup, from, to }: { space: string; rollup: string; from: number; to: number },
): Promise<Map<number, PublishedWindow>> {
  const found = await rows<Record<'start' | 'newest' | 'seen' | 'sourcesFrom' | 'sourcesTo' | 'computed', string>>(
    client,
    `SELECT toUnixTimestamp64Second(window_start) AS start, max(run) AS newest, argMax(seen, run) AS seen,
  argMax(sources_from, run) AS sourcesFrom, argMax(sources_to, run) AS sourcesTo, argMax(toInt64(computed), run) AS computed
FROM rollup_windows
WHERE space = {space:String} AND rollup = {rollup:String}
  AND window_start >= toDateTime64({from:Int64}, 0, 'UTC') AND window_start < toDateTime64({to:Int64}, 0, 'UTC')
GROUP BY start`,
    { space, rollup, from, to },
  )
  return new Map(
    found.map((row) => [
      Number(row.start),
      {
        start: Number(row.start),
        run: BigInt(row.newest),
        seen: Number(row.seen),
        sourcesFrom: Number(row.sourcesFrom),
        sourcesTo: Number(row.sourcesTo),
        computed: Number(row.computed),
      },
    ]),
  )
}

/** Makes computed windows count. One insert into one partition is all or nothing. */
export async function publish(
  client: ClickHouseClient,
  { space, rollup }: { space: string; rollup: string },
  windows: readonly PublishedWindow[],
): Promise<void> {
  await client.insert({
    table: 'rollup_windows',
    format: 'JSONEachRow',
    values: windows.map((window) => ({
      space,
      rollup,
      window_start: window.start,
      run: String(window.run),
      seen: String(window.seen),
      sources_from: String(window.sourcesFrom),
      sources_to: String(window.sourcesTo),
      computed: window.computed,
    })),
  })
}
