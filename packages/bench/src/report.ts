import type { Measured } from './measure.ts'

/** All rounds of one subject for one signal. */
export interface Series {
  readonly signal: string
  readonly subject: string
  readonly rounds: readonly Measured[]
}

/** The subject that the others are compared with. */
export const ours = 'burstlet'

/** One row for each series: medians of its rounds, and how many times the CPU of ours the subject takes. */
export function rowsOf(all: readonly Series[]): Record<string, string>[] {
  return all.map(({ signal, subject, rounds }) => {
    const cpu = (name: string) => medianOf(rounds, (round) => round.cpuPerMillion[name])
    const reference = all.find((series) => series.signal === signal && series.subject === ours)?.rounds ?? []
    const times = (name: string) => cpu('all') / medianOf(reference, (round) => round.cpuPerMillion[name])
    // A sink has no engine: it is compared with the server alone.
    const engine = cpu('engine')
    const against = Number.isNaN(engine) ? 'server' : 'all'
    return {
      signal,
      subject,
      'items/s': Math.round(medianOf(rounds, (round) => round.itemsPerSecond)).toLocaleString('en'),
      'receiver CPU-s/M': fixed(cpu(subject === ours ? 'server' : 'collector')),
      'engine CPU-s/M': fixed(engine),
      'all CPU-s/M': fixed(cpu('all')),
      'CPU of ours': subject === ours ? '' : `${times(against).toFixed(1)} × (${against})`,
      'ack p50 ms': fixed(medianOf(rounds, ({ p50 }) => p50)),
      'ack p99 ms': fixed(medianOf(rounds, ({ p99 }) => p99)),
      'receiver peak MB': fixed(
        medianOf(rounds, ({ peakMegabytes }) => peakMegabytes[subject === ours ? 'server' : 'collector']),
        0,
      ),
      refused: String(rounds.reduce((sum, { refused }) => sum + refused, 0)),
    }
  })
}

/** A table as Markdown writes it. */
export function markdownOf(rows: readonly Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {})
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [names, names.map(() => '---'), ...rows.map((row) => names.map((name) => row[name] ?? ''))].map(line).join('')
}

/** NaN when there is nothing to take it of. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (upper + lower) / 2
}

function medianOf(rounds: readonly Measured[], value: (round: Measured) => number | undefined): number {
  return median(rounds.map(value).filter((each) => each !== undefined))
}

function fixed(value: number, digits = 2): string {
  return Number.isNaN(value) ? '' : value.toFixed(digits)
}
