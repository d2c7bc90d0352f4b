import type { AggregateName } from '@burstlet/query-language/aggregate'
import { finite } from './evaluated.ts'
import type { EventRow } from './event-sql.ts'
import type { PlannedAggregate } from './plan.ts'

/** Aggregates whose total follows from those of the buckets. */
const mergers = new Map<AggregateName, (a: number, b: number) => number>([
  ['count', (a, b) => a + b],
  ['rate', (a, b) => a + b],
  ['sum', (a, b) => a + b],
  ['min', Math.min],
  ['max', Math.max],
])

/** The values of one group over the whole range. */
export interface GroupTotal {
  readonly keys: string[]
  readonly values: (number | null)[]
}

/** Whether {@link totalsOfBuckets} can tell the totals. */
export function canMerge(aggregates: readonly PlannedAggregate[]): boolean {
  return aggregates.every(({ name }) => mergers.has(name))
}

/** Computes the totals of groups from their rows by bucket. */
export function totalsOfBuckets(aggregates: readonly PlannedAggregate[], rows: readonly EventRow[]): GroupTotal[] {
  const totals = new Map<string, GroupTotal>()
  for (const row of rows) {
    const id = JSON.stringify(row.keys)
    const total = totals.get(id)
    const values = aggregates.map(({ name }, index) => {
      const value = finite(row[`v${index}`])
      const before = total?.values[index] ?? null
      return value === null || before === null ? (value ?? before) : mergers.get(name)!(before, value)
    })
    totals.set(id, { keys: row.keys, values })
  }
  return [...totals.values()]
}
