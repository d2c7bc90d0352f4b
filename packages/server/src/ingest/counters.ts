import type { Rejection } from '@burstlet/otlp/decoder/rejections'
import type { Signal } from '@burstlet/otlp/signal'
import type { ExportRequest } from './bodies/export-request.ts'

const minuteMs = 60_000
const minutesKept = 60

interface Totals {
  readonly key: string
  readonly signal: Signal
  requests: number
  repeated: number
  bytes: number
  accepted: number
  rejected: number
}

interface Minute {
  /** Milliseconds since 1970. */
  readonly start: number
  readonly accepted: Record<Signal, number>
  rejected: number
  bytes: number
}

/**
 * Counts what comes in, since the start and by minute, for each space by itself: the name of a rejected item is nobody else's
 * business. Bounded: spaces and keys are those that exist, as are reasons.
 */
export class IngestCounters {
  readonly since = Date.now()
  readonly #spaces = new Map<string, SpaceCounters>()
  /** Of requests of which nobody can tell whose they are: without a key, or with a wrong one. */
  readonly #strangers = new Map<number, number>()

  /** A request that was answered with success. @param result.accepted 0 when the body had been stored before */
  stored(
    { space, ...request }: Pick<ExportRequest, 'space' | 'key' | 'signal'>,
    bytes: number,
    result: StoredCounts,
  ): void {
    this.#of(space).stored(request, bytes, result)
  }

  /** A request of which nothing was taken. @param space undefined when it has shown no key */
  refused(httpStatus: number, space: string | undefined): void {
    count(space === undefined ? this.#strangers : this.#of(space).refusals, httpStatus)
  }

  /** Those that something came in for. */
  spaces(): IterableIterator<string> {
    return this.#spaces.keys()
  }

  /** All of a space at this moment, with the requests of strangers; minutes without requests are left out. */
  snapshot(space: string) {
    const counts = (this.#spaces.get(space) ?? new SpaceCounters()).snapshot()
    const refusals = new Map(counts.refusals)
    for (const [status, each] of this.#strangers) count(refusals, status, each)
    return {
      since: this.since,
      ...counts,
      refusals: [...refusals].map(([status, each]) => ({ status, count: each })),
    }
  }

  #of(space: string): SpaceCounters {
    const known = this.#spaces.get(space) ?? new SpaceCounters()
    this.#spaces.set(space, known)
    return known
  }
}

interface StoredCounts {
  readonly accepted: number
  readonly rejected: number
  readonly rejections: readonly Rejection[]
  readonly repeated: boolean
}

function count(counts: Map<number, number>, status: number, more = 1): void {
  counts.set(status, (counts.get(status) ?? 0) + more)
}

class SpaceCounters {
  readonly #totals = new Map<string, Totals>()
  readonly #rejections = new Map<string, { signal: Signal; reason: string; count: number; first: string }>()
  readonly refusals = new Map<number, number>()
  #minutes: Minute[] = []

  stored({ key, signal }: Pick<ExportRequest, 'key' | 'signal'>, bytes: number, result: StoredCounts): void {
    const totals = this.#totalsOf(key, signal)
    const minute = this.#minute()
    totals.requests++
    totals.bytes += bytes
    minute.bytes += bytes
    if (result.repeated) {
      totals.repeated++
      return
    }
    totals.accepted += result.accepted
    totals.rejected += result.rejected
    minute.accepted[signal] += result.accepted
    minute.rejected += result.rejected
    for (const { reason, count, first } of result.rejections) {
      const known = this.#rejections.get(`${signal} ${reason}`)
      if (known) known.count += count
      else this.#rejections.set(`${signal} ${reason}`, { signal, reason, count, first })
    }
  }

  snapshot() {
    const first = Date.now() - minutesKept * minuteMs
    return {
      totals: [...this.#totals.values()],
      rejections: [...this.#rejections.values()],
      refusals: this.refusals,
      minutes: this.#minutes.filter(({ start }) => start > first),
    }
  }

  #totalsOf(key: string, signal: Signal): Totals {
    const name = `${key} ${signal}`
    const known = this.#totals.get(name)
    if (known) return known
    const made = { key, signal, requests: 0, repeated: 0, bytes: 0, accepted: 0, rejected: 0 }
    this.#totals.set(name, made)
    return made
  }

  #minute(): Minute {
    const start = Math.floor(Date.now() / minuteMs) * minuteMs
    const last = this.#minutes.at(-1)
    if (last && last.start >= start) return last
    const minute = { start, accepted: { traces: 0, metrics: 0, logs: 0 }, rejected: 0, bytes: 0 }
    this.#minutes = [...this.#minutes.slice(1 - minutesKept), minute]
    return minute
  }
}
