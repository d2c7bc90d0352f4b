import type { ExplainResponse, QueryBody, ReadPlan } from '@burstlet/contract/query'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Sent } from '../../querying/statements/statistics.ts'
import { runQuery } from './run.ts'

interface PlanNode {
  readonly 'Node Type'?: string
  readonly Description?: string
  readonly Indexes?: readonly IndexNode[]
  readonly Plans?: readonly PlanNode[]
}

interface IndexNode {
  readonly Type: string
  readonly Name?: string
  readonly Condition?: string
  readonly 'Initial Parts'?: number
  readonly 'Selected Parts'?: number
  readonly 'Initial Granules'?: number
  readonly 'Selected Granules'?: number
}

/** Runs a query, and tells each of its statements with what the indexes left of its tables. */
export async function explainQuery(context: QueryContext, body: QueryBody): Promise<ExplainResponse> {
  const statements = new Map<string, Sent[]>(Object.keys(body.queries).map((name) => [name, []]))
  const { meta } = await runQuery(context, body, { onSent: (name, sent) => statements.get(name)!.push(sent) })
  const queries: ExplainResponse['queries'] = {}
  for (const [name, all] of statements) {
    queries[name] = await Promise.all(
      all
        .filter(({ sql }) => !sql.startsWith('EXPLAIN'))
        .map(async ({ params, ...sent }) => ({
          ...sent,
          parameters: shown(params),
          reads: await readPlans(context, sent.sql, params),
        })),
    )
  }
  return { queries, meta }
}

async function readPlans(context: QueryContext, sql: string, params: Record<string, unknown>): Promise<ReadPlan[]> {
  const rows = await context.reader.query<{ explain: string }>({
    sql: `EXPLAIN PLAN json = 1, indexes = 1, description = 1 ${sql}`,
    params,
    signal: context.signal,
  })
  const plans = JSON.parse(rows.map(({ explain }) => explain).join('\n')) as { Plan: PlanNode }[]
  return plans.flatMap(({ Plan }) => readsIn(Plan))
}

function readsIn(node: PlanNode): ReadPlan[] {
  const own = node['Node Type']?.startsWith('ReadFromMergeTree') ? [planOf(node)] : []
  return [...own, ...(node.Plans ?? []).flatMap(readsIn)]
}

function planOf({ Description = '', Indexes = [] }: PlanNode): ReadPlan {
  const first = Indexes[0]
  const last = Indexes.at(-1)
  return {
    table: Description.replace(/^.*\./, ''),
    parts: last?.['Selected Parts'] ?? null,
    partsTotal: first?.['Initial Parts'] ?? null,
    granules: last?.['Selected Granules'] ?? null,
    granulesTotal: first?.['Initial Granules'] ?? null,
    indexes: Indexes.map((index) => ({
      type: index.Type,
      ...(index.Name !== undefined && { name: index.Name }),
      ...(index.Condition !== undefined && { condition: index.Condition }),
      parts: index['Selected Parts'] ?? null,
      granules: index['Selected Granules'] ?? null,
    })),
  }
}

/** BigInt has no JSON. */
function shown(params: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(params, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as Record<string, unknown>
}
