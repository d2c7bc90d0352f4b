import { type EventSeverity, recordEvent } from '../events/record-event.ts'
import type { Tags } from '../metrics/instruments.ts'

/** A platform's own security events, to be read beside its traces and logs. */
export const security = {
  /**
   * Records a security event: a log with its trace, user and session, counted in `security.events` by `event.name` and
   * `severity`, and marked on the active span. Details go into the log only, so they may have any value. Severity: warn.
   *
   * @example security.event('login.failed', { 'client.address': request.ip }, 'error')
   */
  event(name: string, details: Tags = {}, severity: EventSeverity = 'warn'): void {
    recordEvent({ domain: 'security', name, tags: {}, details, severity })
  },
}
