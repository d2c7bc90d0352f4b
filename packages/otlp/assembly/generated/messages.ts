// Made by `pnpm generate` from src/protobuf/messages.ts.
export const NO_MESSAGE = -1
export const SPANS_DATA = 0
export const RESOURCE_SPANS = 1
export const RESOURCE = 2
export const KEY_VALUE = 3
export const ANY_VALUE = 4
export const ARRAY_VALUE = 5
export const KEY_VALUE_LIST = 6
export const ENTITY_REF = 7
export const SCOPE_SPANS = 8
export const INSTRUMENTATION_SCOPE = 9
export const SPAN = 10
export const EVENT = 11
export const LINK = 12
export const STATUS = 13
export const LOGS_DATA = 14
export const RESOURCE_LOGS = 15
export const SCOPE_LOGS = 16
export const LOG_RECORD = 17
export const METRICS_DATA = 18
export const RESOURCE_METRICS = 19
export const SCOPE_METRICS = 20
export const METRIC = 21
export const GAUGE = 22
export const NUMBER_DATA_POINT = 23
export const EXEMPLAR = 24
export const SUM = 25
export const HISTOGRAM = 26
export const HISTOGRAM_DATA_POINT = 27
export const EXPONENTIAL_HISTOGRAM = 28
export const EXPONENTIAL_HISTOGRAM_DATA_POINT = 29
export const BUCKETS = 30
export const SUMMARY = 31
export const SUMMARY_DATA_POINT = 32
export const VALUE_AT_QUANTILE = 33

/** The message that the field with this tag is, in a message. */
export function nestedMessage(message: i32, tag: u32): i32 {
  switch (message) {
    case SPANS_DATA:
      if (tag === 10) return RESOURCE_SPANS
      return NO_MESSAGE
    case RESOURCE_SPANS:
      if (tag === 10) return RESOURCE
      if (tag === 18) return SCOPE_SPANS
      return NO_MESSAGE
    case RESOURCE:
      if (tag === 10) return KEY_VALUE
      if (tag === 26) return ENTITY_REF
      return NO_MESSAGE
    case KEY_VALUE:
      if (tag === 18) return ANY_VALUE
      return NO_MESSAGE
    case ANY_VALUE:
      if (tag === 42) return ARRAY_VALUE
      if (tag === 50) return KEY_VALUE_LIST
      return NO_MESSAGE
    case ARRAY_VALUE:
      if (tag === 10) return ANY_VALUE
      return NO_MESSAGE
    case KEY_VALUE_LIST:
      if (tag === 10) return KEY_VALUE
      return NO_MESSAGE
    case ENTITY_REF:
      return NO_MESSAGE
    case SCOPE_SPANS:
      if (tag === 10) return INSTRUMENTATION_SCOPE
      if (tag === 18) return SPAN
      return NO_MESSAGE
    case INSTRUMENTATION_SCOPE:
      if (tag === 26) return KEY_VALUE
      return NO_MESSAGE
    case SPAN:
      if (tag === 74) return KEY_VALUE
      if (tag === 90) return EVENT
      if (tag === 106) return LINK
      if (tag === 122) return STATUS
      return NO_MESSAGE
    case EVENT:
      if (tag === 26) return KEY_VALUE
      return NO_MESSAGE
    case LINK:
      if (tag === 34) return KEY_VALUE
      return NO_MESSAGE
    case STATUS:
      return NO_MESSAGE
    case LOGS_DATA:
      if (tag === 10) return RESOURCE_LOGS
      return NO_MESSAGE
    case RESOURCE_LOGS:
      if (tag === 10) return RESOURCE
      if (tag === 18) return SCOPE_LOGS
      return NO_MESSAGE
    case SCOPE_LOGS:
      if (tag === 10) return INSTRUMENTATION_SCOPE
      if (tag === 18) return LOG_RECORD
      return NO_MESSAGE
    case LOG_RECORD:
      if (tag === 42) return ANY_VALUE
      if (tag === 50) return KEY_VALUE
      return NO_MESSAGE
    case METRICS_DATA:
      if (tag === 10) return RESOURCE_METRICS
      return NO_MESSAGE
    case RESOURCE_METRICS:
      if (tag === 10) return RESOURCE
      if (tag === 18) return SCOPE_METRICS
      return NO_MESSAGE
    case SCOPE_METRICS:
      if (tag === 10) return INSTRUMENTATION_SCOPE
      if (tag === 18) return METRIC
      return NO_MESSAGE
    case METRIC:
      if (tag === 42) return GAUGE
      if (tag === 58) return SUM
      if (tag === 74) return HISTOGRAM
      if (tag === 82) return EXPONENTIAL_HISTOGRAM
      if (tag === 90) return SUMMARY
      if (tag === 98) return KEY_VALUE
      return NO_MESSAGE
    case GAUGE:
      if (tag === 10) return NUMBER_DATA_POINT
      return NO_MESSAGE
    case NUMBER_DATA_POINT:
      if (tag === 58) return KEY_VALUE
      if (tag === 42) return EXEMPLAR
      return NO_MESSAGE
    case EXEMPLAR:
      if (tag === 58) return KEY_VALUE
      return NO_MESSAGE
    case SUM:
      if (tag === 10) return NUMBER_DATA_POINT
      return NO_MESSAGE
    case HISTOGRAM:
      if (tag === 10) return HISTOGRAM_DATA_POINT
      return NO_MESSAGE
    case HISTOGRAM_DATA_POINT:
      if (tag === 74) return KEY_VALUE
      if (tag === 66) return EXEMPLAR
      return NO_MESSAGE
    case EXPONENTIAL_HISTOGRAM:
      if (tag === 10) return EXPONENTIAL_HISTOGRAM_DATA_POINT
      return NO_MESSAGE
    case EXPONENTIAL_HISTOGRAM_DATA_POINT:
      if (tag === 10) return KEY_VALUE
      if (tag === 66) return BUCKETS
      if (tag === 74) return BUCKETS
      if (tag === 90) return EXEMPLAR
      return NO_MESSAGE
    case BUCKETS:
      return NO_MESSAGE
    case SUMMARY:
      if (tag === 10) return SUMMARY_DATA_POINT
      return NO_MESSAGE
    case SUMMARY_DATA_POINT:
      if (tag === 58) return KEY_VALUE
      if (tag === 50) return VALUE_AT_QUANTILE
      return NO_MESSAGE
    case VALUE_AT_QUANTILE:
      return NO_MESSAGE
    default:
      return NO_MESSAGE
  }
}
