import type { QueryColumn, QueryKind, QueryResult, QuerySeries } from '@burstlet/contract/query'
import type { Evaluated, Group, ValueColumn } from './evaluated.ts'
import type { Operand } from './formulas.ts'

/** Groups in the shape of their kind. */
export function resultOf({ kind, groupBy, evaluated, compared }: Operand): QueryResult {
  const labels = groupBy.map((name): QueryColumn => ({ name, type: 'string', role: 'label' }))
  const values = evaluated.values.map(columnOf)
  const time: QueryColumn[] = kind === 'time_series' ? [{ name: 'time', type: 'time', role: 'time' }] : []
  return {
    kind,
    columns: [...time, ...labels, ...values],
    ...content(kind, groupBy, evaluated),
    truncated: evaluated.truncated,
    ...(evaluated.metricKinds && { metricKinds: [...evaluated.metricKinds] }),
    ...(evaluated.completeUntil !== undefined && { completeUntil: evaluated.completeUntil }),
    ...(compared && {
      compare: {
        from: new Date(compared.from).toISOString(),
        to: new Date(compared.to).toISOString(),
        offsetSeconds: compared.offsetSeconds,
        ...content(kind, groupBy, compared.evaluated),
      },
    }),
  }
}

function content(
  kind: QueryKind,
  groupBy: readonly string[],
  { groups, buckets }: Evaluated,
): Pick<QueryResult, 'series' | 'rows'> {
  if (kind === 'table') return { rows: groups.map((group) => [...labelsOf(group, groupBy), ...firstValues(group)]) }
  return { series: groups.map((group) => seriesOf(group, kind, groupBy, buckets)) }
}

function seriesOf(group: Group, kind: QueryKind, groupBy: readonly string[], buckets: readonly number[]): QuerySeries {
  const values = group.values[0] ?? []
  const labels = labelsOf(group, groupBy)
  return {
    labels: Object.fromEntries(groupBy.map((key, index) => [key, labels[index]!])),
    ...(group.other && { other: true }),
    ...(kind === 'scalar' && { value: values[0] ?? null }),
    points: buckets.map((at, index): [number, number | null] => [at, values[index] ?? null]),
  }
}

function labelsOf({ keys, other }: Group, groupBy: readonly string[]): string[] {
  return groupBy.map((_, index) => (other ? 'other' : (keys[index] ?? '')))
}

function firstValues({ values }: Group): (number | null)[] {
  return values.map((each) => each[0] ?? null)
}

function columnOf({ empty: _, ...column }: ValueColumn): QueryColumn {
  return column
}
