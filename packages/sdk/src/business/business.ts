import { recordEvent } from '../events/record-event.ts'
import type { Tags } from '../metrics/instruments.ts'

/** Events that matter to the business rather than to the machine. */
export const business = {
  /**
   * Records that something happened: counted in `business.events` by `event.name` and the tags, written as an event log with
   * its trace, user and session, and marked on the active span. Tags should have few values; each combination is a series.
   *
   * @example business.event('upload.completed', { plan: 'pro' })
   */
  event(name: string, tags: Tags = {}): void {
    recordEvent({ domain: 'business', name, tags, severity: 'info' })
  },
}
