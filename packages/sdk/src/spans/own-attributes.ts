import type { Attributes, Span } from '@opentelemetry/api'
import { getNumberFromEnv } from '@opentelemetry/core'

/** Where values are cut or few, all go the long way. */
const isLimited = [
  ...['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  ...['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
].some((name) => getNumberFromEnv(name) !== undefined)

/**
 * Gives a recording span attributes that this SDK made itself: texts, numbers and flags under known names. `setAttributes`
 * looks through each value as if it were anybody's, with a set of what it has seen; for the fifteen of a request that takes
 * longer than all else about its span.
 */
export function setOwnAttributes(span: Span, attributes: Attributes): void {
  const own = (span as { attributes?: Attributes }).attributes
  if (isLimited || own === undefined) span.setAttributes(attributes)
  else for (const key in attributes) own[key] = attributes[key]!
}
