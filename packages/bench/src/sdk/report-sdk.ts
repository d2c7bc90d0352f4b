import type { SdkMeasured } from './measure-sdk.ts'

type Figure = 'startMs' | 'requestsPerSecond' | 'cpuMicrosPerRequest' | 'residentMegabytes' | 'p50Ms' | 'p99Ms'

/** One line of the table: the least processor time and the most requests of all rounds, medians of the rest. */
export type SdkRow = { readonly subject: string; readonly framework: string } & {
  readonly [Name in Figure]: number
} & {
  /** Microseconds of processor time that a request costs beyond what it costs without instrumentation. */
  readonly addedCpuMicros: number
  readonly rounds: number
}

const figures = ['startMs', 'requestsPerSecond', 'cpuMicrosPerRequest', 'residentMegabytes', 'p50Ms', 'p99Ms'] as const

/** Disturbances only make these worse. */
const best: Partial<Record<Figure, (values: readonly number[]) => number>> = {
  cpuMicrosPerRequest: (values) => Math.min(...values),
  requestsPerSecond: (values) => Math.max(...values),
}

/** By framework and subject, in the order in which they were measured. */
export function sdkRows(measured: readonly SdkMeasured[]): SdkRow[] {
  const groups = Map.groupBy(measured, ({ framework, subject }) => `${framework} ${subject}`)
  const rows = [...groups.values()].map((rounds) => {
    const [{ framework, subject }] = rounds as [SdkMeasured]
    const over = (name: Figure) => (best[name] ?? median)(rounds.map((round) => round[name]))
    const values = Object.fromEntries(figures.map((name) => [name, over(name)]))
    return { framework, subject, rounds: rounds.length, ...(values as { [Name in Figure]: number }) }
  })
  return rows
    .map((row) => {
      const bare = rows.find(({ framework, subject }) => framework === row.framework && subject === 'none')
      return { ...row, addedCpuMicros: row.cpuMicrosPerRequest - (bare?.cpuMicrosPerRequest ?? Number.NaN) }
    })
    .sort((a, b) => a.framework.localeCompare(b.framework))
}

/** The table as Markdown. */
export function sdkMarkdown(rows: readonly SdkRow[]): string {
  const head = [
    '| app | instrumentation | requests/s | p50 ms | p99 ms | CPU µs/request | added µs | RSS MB | start ms |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ]
  const lines = rows.map((row) =>
    [
      ...['', row.framework, row.subject, row.requestsPerSecond.toFixed(0), row.p50Ms.toFixed(1), row.p99Ms.toFixed(1)],
      ...[row.cpuMicrosPerRequest.toFixed(0), row.addedCpuMicros.toFixed(0), row.residentMegabytes.toFixed(0)],
      ...[row.startMs.toFixed(0), ''],
    ]
      .join(' | ')
      .trim(),
  )
  return `${[...head, ...lines].join('\n')}\n`
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
