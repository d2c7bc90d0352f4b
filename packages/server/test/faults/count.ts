import { join } from 'node:path'
import { startChdbServer } from '@burstlet/chdb-server/start'
import type { TestServer } from '@burstlet/testkit/server'
import { createClient } from '@clickhouse/client'
import { type Ledger, spansPerBody } from './load.ts'

/** What a fault left behind; the last three are to be zero. */
export interface Result {
  readonly sent: number
  readonly acknowledged: number
  /** Spans in the table. */
  readonly found: number
  /** Acknowledged spans that are not there. */
  readonly lost: number
  /** Spans that are there more than once. */
  readonly doubled: number
  /** Bodies of which only a part is there, and rollups or the trace index that differ from the table. */
  readonly wrong: string[]
}

/** Tables that a server that runs cannot read whole, each with what it says. */
export async function brokenTables({ api, apiKey }: TestServer): Promise<string[]> {
  const columns = { spans: '(trace_id, span_id, attr_i)', trace_index: 'trace_key', red_1m: '(count, service)' }
  const answers = await Promise.all(
    Object.entries(columns).map(async ([table, column]) => {
      const answer = await fetch(`${api}/api/v1/monitoring/sql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: `SELECT uniqExact(${column}) FROM ${table}` }),
      })
      return answer.ok ? [] : [`${table} cannot be read: ${answer.status} ${await answer.text()}`]
    }),
  )
  return answers.flat()
}

/** Compares what a client knows with the tables of a server that has stopped. Counts are of spans. */
export async function countSpans(dataDir: string, ledger: Ledger): Promise<Result> {
  const engine = await startChdbServer({ dataDirectory: join(dataDir, 'clickhouse') })
  const client = createClient({ url: engine.url, database: 'burstlet', ...engine.writer })
  try {
    const ask = async <Row>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<Row>()
    const one = async (query: string) => Number((await ask<{ n: string }>(query))[0]?.n ?? 0)
    const rows = await ask<{ number: string; n: string; ids: string }>(
      'SELECT hex(trace_id) AS number, count() AS n, uniqExact(span_id) AS ids FROM spans GROUP BY trace_id',
    )
    const traces = new Map(
      rows.map(({ number, n, ids }) => [Number.parseInt(number, 16), { n: Number(n), ids: Number(ids) }]),
    )
    const acknowledged = [...ledger].filter(([, state]) => state === 'acknowledged').map(([number]) => number)
    const found = rows.reduce((sum, { n }) => sum + Number(n), 0)
    const wrong: string[] = []
    for (const [number, { ids }] of traces) if (ids !== spansPerBody) wrong.push(`body ${number} has ${ids} spans`)
    const rollup = await one("SELECT sum(count) AS n FROM red_1m WHERE service = 'load'")
    if (rollup !== found) wrong.push(`red_1m has ${rollup}`)
    const services = await one("SELECT sum(count) AS n FROM red_service_1m WHERE service = 'load'")
    if (services !== found) wrong.push(`red_service_1m has ${services}`)
    const index = await one('SELECT uniqExact(trace_key) AS n FROM trace_index')
    if (index !== traces.size) wrong.push(`trace_index has ${index} of ${traces.size} traces`)
    return {
      sent: ledger.size * spansPerBody,
      acknowledged: acknowledged.length * spansPerBody,
      found,
      lost: acknowledged.reduce((sum, number) => sum + spansPerBody - (traces.get(number)?.ids ?? 0), 0),
      doubled: [...traces.values()].reduce((sum, { n, ids }) => sum + n - ids, 0),
      wrong,
    }
  } finally {
    await client.close()
    await engine.stop()
  }
}
