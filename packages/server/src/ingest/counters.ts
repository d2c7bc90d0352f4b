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

/** Counts what comes in, since the start and by minute. Bounded: keys are those configured, reasons those that exist. */
export class IngestCounters {
  readonly since = Date.now()
  readonly #totals = new Map<string, Totals>()
  readonly #rejections = new Map<string, { signal: Signal; reason: string; count: number; first: string }>()
  readonly #refusals = new Map<number, number>()
  #minutes: Minute[] = []

  /** A request that was answered with success. @param accepted 0 when the body had been stored before */
  stored(
    { key, signal }: Pick<ExportRequest, 'key' | 'signal'>,
    bytes: number,
    result: { accepted: number; rejected: number; rejections: readonly Rejection[]; repeated: boolean },
  ): void {
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

  /** A request of which nothing was taken. */
  refused(httpStatus: number): void {
    this.#refusals.set(httpStatus, (this.#refusals.get(httpStatus) ?? 0) + 1)
  }

  /** All of it at this moment; minutes without requests are left out. */
  snapshot() {
    const first = Date.now() - minutesKept * minuteMs
    return {
      since: this.since,
      totals: [...this.#totals.values()],
      rejections: [...this.#rejections.values()],
      refusals: [...this.#refusals].map(([status, count]) => ({ status, count })),
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
