import { randomInt } from 'node:crypto'
import type { ClickHouseClient } from '@clickhouse/client'
import { type Batch, dueBatches } from './due.ts'
import { publish, readArrivals, readMinutesWithRequests, readPublished, readVisible } from './ledger.ts'
import { MinuteCounts } from './minute-counts.ts'
import type { PublishedWindow, Rollup, SourceRetention } from './rollup.ts'

const day = 86_400

export interface PassOptions {
  readonly rollup: Rollup
  readonly retention: SourceRetention
  /** Epoch ms. */
  readonly now: number
  /** How far back to look for windows that are due; all of them by default. Seconds. */
  readonly depthSeconds?: number
  /**
   * How long windows that end before `currentSeconds` ago may take, ms; what is left is for the next pass. Newer ones come first and
   * are always computed. No bound by default.
   */
  readonly late?: { readonly budgetMs: number; readonly currentSeconds: number }
  /** Whether windows from before arrivals of spans were counted are looked for too. */
  readonly catchUp?: boolean
  /** Told that windows are left out: those of another rollup that they are made of come first, or the pass ended early. */
  readonly onWaiting?: () => void
  /** Whether this process may still do this. */
  readonly held?: () => Promise<boolean>
  readonly signal?: AbortSignal
}

/**
 * Computes every window of a rollup that is due, the newest first, of all spaces in turn. Ends early when another process has taken over.
 * @returns how many windows were computed
 */
export async function runPass(client: ClickHouseClient, options: PassOptions): Promise<number> {
  const { rollup, retention, catchUp = false, signal } = options
  const now = Math.floor(options.now / 1000)
  const oldest = Math.max(keptFrom(rollup, retention, now), now - (options.depthSeconds ?? Number.POSITIVE_INFINITY))
  const read = { from: oldest - rollup.lookbackSeconds, to: now + rollup.lookaheadSeconds }
  const sourcesFrom = now - (rollup.sourceDays(retention) - 1) * day
  const arrivals = await readArrivals(client, rollup.arrivals, read.from, read.to, sourcesFrom)
  const bySpans = rollup.arrivals.table === 'span_arrivals'
  const known = catchUp && bySpans ? await readMinutesWithRequests(client, oldest, now) : new Map<string, number[]>()
  const due: DueBatch[] = []
  for (const space of new Set([...arrivals.keys(), ...known.keys()])) {
    const { all: counts, lost } = arrivals.get(space) ?? { all: new MinuteCounts([]), lost: new MinuteCounts([]) }
    const published = await readPublished(client, { space, rollup: rollup.name, from: oldest, to: now })
    const batches = dueBatches(rollup, counts, published, now, oldest, known.get(space), lost)
    due.push(...batches.map((batch, turn) => ({ turn, space, batch, counts, published })))
  }
  const currentFrom = now - (options.late?.currentSeconds ?? 0)
  const isCurrent = ({ batch }: DueBatch) => batch.to > currentFrom
  const until = performance.now() + (options.late?.budgetMs ?? Number.POSITIVE_INFINITY)
  let computed = 0
  for (const each of due.sort((a, b) => Number(isCurrent(b)) - Number(isCurrent(a)) || a.turn - b.turn)) {
    if (!isCurrent(each) && performance.now() >= until) {
      options.onWaiting?.()
      break
    }
    if (signal?.aborted || (options.held && !(await options.held()))) {
      options.onWaiting?.()
      return computed
    }
    computed += await computeBatch(client, { ...each, ...options })
  }
  return computed
}

/**
 * Windows that begin before this are not computed, seconds since 1970: neither what they are made from nor their own rows are kept.
 * A day less, since the oldest day partition may go at any moment.
 */
export function keptFrom({ sourceDays, keptDays = 0 }: Rollup, retention: SourceRetention, now: number): number {
  return now - (Math.max(sourceDays(retention), keptDays) - 1) * day
}

interface DueBatch {
  /** Its place among those of its space. */
  readonly turn: number
  readonly space: string
  readonly batch: Batch
  readonly counts: MinuteCounts
  readonly published: ReadonlyMap<number, PublishedWindow>
}

type BatchOptions = PassOptions & DueBatch

async function computeBatch(client: ClickHouseClient, options: BatchOptions): Promise<number> {
  const { rollup, space, batch, counts, published } = options
  const { windows } = batch
  const run = nextRun(
    options.now,
    windows.map((start) => published.get(start)?.run ?? 0n),
  )
  const params = {
    space,
    run: String(run),
    from: batch.from,
    to: batch.to,
    sources_from: batch.sourcesFrom,
    sources_to: batch.sourcesTo,
  }
  // Counted before it is read: what arrives in between makes the window due again, and is never missed.
  const visible = await readVisible(client, rollup.visible, params)
  const seen = new MinuteCounts(
    counts.minutes
      .filter((minute) => minute >= batch.sourcesFrom && minute < batch.sourcesTo)
      .map((at) => [at, Math.min(counts.within(at, at + 60), visible.within(at, at + 60))]),
  )
  if (rollup.waits && seen.within(batch.from, batch.to) === 0) {
    options.onWaiting?.()
    return 0
  }
  for (const query of rollup.inserts) await client.command({ query, query_params: params })
  if (options.held && !(await options.held())) {
    options.onWaiting?.()
    return 0
  }
  await publish(
    client,
    { space, rollup: rollup.name },
    windows.map((start) => {
      const sourcesFrom = Math.max(batch.sourcesFrom, start - rollup.lookbackSeconds)
      const sourcesTo = start + rollup.windowSeconds + rollup.lookaheadSeconds
      const computed = Math.floor(options.now / 1000)
      return { start, run, seen: seen.within(sourcesFrom, sourcesTo), sourcesFrom, sourcesTo, computed }
    }),
  )
  return windows.length
}

/** Later runs are higher, whichever process makes them; two are never the same. */
function nextRun(now: number, earlier: readonly bigint[]): bigint {
  const run = (BigInt(now) << 20n) + BigInt(randomInt(1 << 20))
  return earlier.reduce((highest, each) => (each >= highest ? each + 1n : highest), run)
}
