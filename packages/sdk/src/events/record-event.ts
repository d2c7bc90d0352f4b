import { logs, SeverityNumber, trace } from '@opentelemetry/api'
import { toAttributes } from '../logging/attributes.ts'
import { metrics, type Tags } from '../metrics/instruments.ts'
import { isName, safely } from '../runtime/safely.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'

/** How bad an event is. */
export type EventSeverity = 'info' | 'warn' | 'error'

/** An event, what it is counted by, and what is only written down. */
export interface RecordedEvent {
  domain: 'business' | 'security'
  name: string
  tags: Tags
  details?: Tags
  severity: EventSeverity
}

const severityNumbers = { info: SeverityNumber.INFO, warn: SeverityNumber.WARN, error: SeverityNumber.ERROR }

const counters = {
  business: metrics.counter('business.events', { unit: '{event}', description: 'Business events, by event.name' }),
  security: metrics.counter('security.events', { unit: '{event}', description: 'Security events, by event.name' }),
}

/** Counts an event, writes it as an event log, and marks it on the active span. */
export function recordEvent(event: RecordedEvent): void {
  const what = `${event.domain}.event`
  if (isName(what, event.name)) safely(what, () => record(event))
}

function record({ domain, name, tags, details, severity }: RecordedEvent): void {
  const level = Object.hasOwn(severityNumbers, severity) ? severity : 'info'
  const counted = toAttributes(tags)
  counters[domain].add(1, { ...counted, ...(domain === 'security' ? { severity: level } : {}), 'event.name': name })
  const attributes = { ...counted, ...toAttributes(details) }
  trace.getActiveSpan()?.addEvent(name, attributes)
  logs.getLogger(sdkName, sdkVersion).emit({
    eventName: name,
    severityNumber: severityNumbers[level],
    severityText: level.toUpperCase(),
    body: name,
    attributes: { ...attributes, 'event.domain': domain, 'event.name': name },
  })
}
