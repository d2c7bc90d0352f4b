import { median } from '../report.ts'
import type { Read } from './ask/reads.ts'
import type { Timed } from './ask/timing.ts'
import type { Manifest } from './data/manifest.ts'

/** Ours should be so many times as fast as the exporter's schema, but where that takes less than `fast` ms. */
const timesFaster = 3
const fast = 30

/** Bytes of an item: ours over theirs, or in themselves. */
const byteGoals: Record<string, { readonly share?: number; readonly bytes?: number }> = {
  span: { share: 0.75 },
  log: { share: 0.6 },
  'sample: even': { bytes: 1 },
  'sample: counter': { bytes: 2.2 },
  'sample: gauge': { bytes: 2.2 },
}

/** One row a question, the marks of what misses in its last column. */
export function questionRows(timed: readonly Timed[], reads: ReadonlyMap<string, Read>): Record<string, string>[] {
  return timed.map(({ question: { name, goal }, ours, theirs }) => {
    const [own, rival] = [p95(ours), p95(theirs)]
    const read = reads.get(name)
    const ratio = median(theirs) / median(ours)
    return {
      question: name,
      p50: ms(median(ours)),
      p95: ms(own),
      goal: goal === undefined ? '' : `< ${goal}`,
      'rows read': read ? count(read.ours.rows) : '',
      'MB read': read ? (read.ours.bytes / 1e6).toFixed(1) : '',
      'theirs p50': ms(median(theirs)),
      'theirs p95': ms(rival),
      'their rows': read?.theirs ? count(read.theirs.rows) : '',
      'their MB': read?.theirs ? (read.theirs.bytes / 1e6).toFixed(1) : '',
      'times faster': Number.isNaN(ratio) ? '' : ratio.toFixed(1),
      misses: missesOf({ name, goal }, ours, theirs).join(', '),
    }
  })
}

/** What of the goals a question misses. */
export function missesOf(
  { goal }: { name: string; goal?: number | undefined },
  ours: readonly number[],
  theirs: readonly number[],
): string[] {
  const misses = []
  if (goal !== undefined && p95(ours) >= goal) misses.push('time')
  if (goal !== undefined && median(theirs) >= fast && median(theirs) / median(ours) < timesFaster) misses.push('ratio')
  return misses
}

export function byteRows(bytes: Manifest['bytes']): Record<string, string>[] {
  return bytes.map(({ item, ours, theirs }) => {
    const { share, bytes: most } = byteGoals[item] ?? {}
    const ofTheirs = ours / (theirs ?? Number.NaN)
    const misses = (share !== undefined && ofTheirs > share) || (most !== undefined && ours > most)
    return {
      item,
      'bytes, ours': ours.toFixed(2),
      "bytes, exporter's": theirs?.toFixed(2) ?? '',
      'ours / theirs': theirs === undefined ? '' : ofTheirs.toFixed(2),
      goal: share !== undefined ? `≤ ${share} ×` : most !== undefined ? `≤ ${most} bytes` : '',
      misses: misses ? 'bytes' : '',
    }
  })
}

/** With and without spans coming in. */
export function ingestRows(quiet: readonly Timed[], busy: readonly Timed[]): Record<string, string>[] {
  return quiet.map(({ question, ours }, index) => {
    const [before, during] = [p95(ours), p95(busy[index]?.ours ?? [])]
    return {
      question: question.name,
      'p95 alone': ms(before),
      'p95 while spans come in': ms(during),
      times: (during / before).toFixed(2),
      goal: '≤ 2',
      misses: during > 2 * before ? 'ratio' : '',
    }
  })
}

/** By nearest rank. */
export function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1] ?? Number.NaN
}

const ms = (value: number) => (Number.isNaN(value) ? '' : value.toFixed(0))
const count = (value: number) => value.toLocaleString('en')
