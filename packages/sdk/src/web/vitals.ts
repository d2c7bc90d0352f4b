import { type Logger, SeverityNumber } from '@opentelemetry/api'
import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

/** Writes each web vital as an event, once it is final: when the page is hidden, for most. */
export function reportVitals(logger: Logger): void {
  const report = ({ name, value, rating, delta, id, navigationType }: Metric) =>
    logger.emit({
      eventName: 'browser.web_vital',
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      body: `${name} ${rating}`,
      attributes: {
        'event.name': 'browser.web_vital',
        'web_vital.name': name.toLowerCase(),
        'web_vital.value': value,
        'web_vital.delta': delta,
        'web_vital.rating': rating,
        'web_vital.id': id,
        'browser.navigation.type': navigationType,
      },
    })
  for (const observe of [onCLS, onFCP, onINP, onLCP, onTTFB]) observe(report)
}
