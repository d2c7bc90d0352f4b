import { metrics } from '@opentelemetry/api'
import { sdkName, sdkVersion } from './version.ts'

/** What is counted: spans, log records, and points of metrics. */
export type Signal = 'spans' | 'logs' | 'metric points'

/** Why something did not get across: there was no place for it to wait, or its request failed or was refused. */
export type Reason = 'queue_full' | 'not_sent'

/** Counts what is on its way and what is lost of each signal, so that nothing is lost without a word. */
export interface Losses {
  /** Items are on their way from now on, until the answer is called: with true where they arrived. */
  sending(signal: Signal, items: number): (arrived: boolean) => void
  /** The backend could not be reached, or has no time for anybody. */
  noteAway(): void
  /** Whether that was so within the last milliseconds. */
  wasAway(withinMs: number): boolean
  /** Items had no place to wait. */
  overflowed(signal: Signal, items: number): void
  /** What was lost since this was asked last, for a person: `512 spans, 3 logs`. Undefined for nothing. */
  takeLost(): string | undefined
  /** What is on its way now, for a person. */
  describeSending(): string | undefined
  /** Gives the totals to the metric `monitoring.telemetry.lost`, by `signal` and `reason`. */
  publish(): void
}

/** Starts to count. */
export function createLosses(): Losses {
  const underWay = new Map<Signal, number>()
  const untold = new Map<Signal, number>()
  let awayAt = Number.NEGATIVE_INFINITY
  const totals = new Map<string, { signal: Signal; reason: Reason; items: number }>()

  const lose = (signal: Signal, reason: Reason, items: number) => {
    untold.set(signal, (untold.get(signal) ?? 0) + items)
    const total = totals.get(signal + reason)
    if (total === undefined) totals.set(signal + reason, { signal, reason, items })
    else total.items += items
  }
  return {
    sending(signal, items) {
      underWay.set(signal, (underWay.get(signal) ?? 0) + items)
      return (arrived) => {
        underWay.set(signal, (underWay.get(signal) ?? 0) - items)
        if (!arrived) lose(signal, 'not_sent', items)
      }
    },
    noteAway() {
      awayAt = performance.now()
    },
    wasAway: (withinMs) => performance.now() - awayAt < withinMs,
    overflowed: (signal, items) => lose(signal, 'queue_full', items),
    takeLost() {
      const text = describe(untold)
      untold.clear()
      return text
    },
    describeSending: () => describe(underWay),
    publish() {
      metrics
        .getMeter(sdkName, sdkVersion)
        .createObservableCounter('monitoring.telemetry.lost', {
          unit: '{item}',
          description: 'Spans, logs and metric points that did not get across',
        })
        .addCallback((result) => {
          for (const { signal, reason, items } of totals.values()) result.observe(items, { signal, reason })
        })
    },
  }
}

function describe(counts: Map<Signal, number>): string | undefined {
  const parts = [...counts].filter(([, items]) => items > 0).map(([signal, items]) => `${items} ${signal}`)
  return parts.length === 0 ? undefined : parts.join(', ')
}
