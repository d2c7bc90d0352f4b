/** OTLP/JSON as this package writes it: 64-bit integers as decimal strings, ids in hex, absent where default. */

export type JsonDouble = number | '-0' | 'NaN' | 'Infinity' | '-Infinity'

/** At most one of the values. */
export interface AnyValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: string
  doubleValue?: JsonDouble
  arrayValue?: { values?: AnyValue[] }
  kvlistValue?: { values?: KeyValue[] }
  /** Base64. */
  bytesValue?: string
}

export interface KeyValue {
  key: string
  value: AnyValue
}

export interface EntityRef {
  schemaUrl?: string
  type?: string
  idKeys?: string[]
  descriptionKeys?: string[]
}

export interface Resource {
  attributes?: KeyValue[]
  droppedAttributesCount?: number
  entityRefs?: EntityRef[]
}

export interface InstrumentationScope {
  name?: string
  version?: string
  attributes?: KeyValue[]
  droppedAttributesCount?: number
}

export interface TracesData {
  resourceSpans: { resource: Resource; schemaUrl?: string; scopeSpans: ScopeSpans[] }[]
}

export interface ScopeSpans {
  scope: InstrumentationScope
  schemaUrl?: string
  spans: Span[]
}

export interface Span {
  traceId: string
  spanId: string
  traceState?: string
  parentSpanId?: string
  flags?: number
  name?: string
  kind?: number
  startTimeUnixNano?: string
  endTimeUnixNano?: string
  attributes?: KeyValue[]
  droppedAttributesCount?: number
  events?: SpanEvent[]
  droppedEventsCount?: number
  links?: SpanLink[]
  droppedLinksCount?: number
  status?: { message?: string; code?: number }
}

export interface SpanEvent {
  timeUnixNano?: string
  name?: string
  attributes?: KeyValue[]
  droppedAttributesCount?: number
}

export interface SpanLink {
  traceId?: string
  spanId?: string
  traceState?: string
  attributes?: KeyValue[]
  droppedAttributesCount?: number
  flags?: number
}

export interface LogsData {
  resourceLogs: { resource: Resource; schemaUrl?: string; scopeLogs: ScopeLogs[] }[]
}

export interface ScopeLogs {
  scope: InstrumentationScope
  schemaUrl?: string
  logRecords: LogRecord[]
}

export interface LogRecord {
  timeUnixNano?: string
  observedTimeUnixNano?: string
  severityNumber?: number
  severityText?: string
  body?: AnyValue
  attributes?: KeyValue[]
  droppedAttributesCount?: number
  flags?: number
  traceId?: string
  spanId?: string
  eventName?: string
}

export interface MetricsData {
  resourceMetrics: { resource: Resource; schemaUrl?: string; scopeMetrics: ScopeMetrics[] }[]
}

export interface ScopeMetrics {
  scope: InstrumentationScope
  schemaUrl?: string
  metrics: Metric[]
}

export interface Metric {
  name?: string
  description?: string
  unit?: string
  metadata?: KeyValue[]
  gauge?: { dataPoints: NumberDataPoint[] }
  sum?: { dataPoints: NumberDataPoint[]; aggregationTemporality: number; isMonotonic?: boolean }
  histogram?: { dataPoints: HistogramDataPoint[]; aggregationTemporality: number }
  exponentialHistogram?: { dataPoints: ExponentialHistogramDataPoint[]; aggregationTemporality: number }
  summary?: { dataPoints: SummaryDataPoint[] }
}

interface DataPoint {
  attributes?: KeyValue[]
  startTimeUnixNano?: string
  timeUnixNano?: string
  flags?: number
}

export interface NumberDataPoint extends DataPoint {
  asDouble?: JsonDouble
  asInt?: string
  exemplars?: Exemplar[]
}

export interface Distribution {
  count?: string
  sum?: JsonDouble
  min?: JsonDouble
  max?: JsonDouble
  exemplars?: Exemplar[]
}

export interface HistogramDataPoint extends DataPoint, Distribution {
  bucketCounts?: string[]
  explicitBounds?: JsonDouble[]
}

export interface Buckets {
  offset?: number
  bucketCounts?: string[]
}

export interface ExponentialHistogramDataPoint extends DataPoint, Distribution {
  scale?: number
  zeroCount?: string
  zeroThreshold?: JsonDouble
  positive?: Buckets
  negative?: Buckets
}

export interface SummaryDataPoint extends DataPoint {
  count?: string
  sum?: JsonDouble
  quantileValues?: { quantile?: JsonDouble; value?: JsonDouble }[]
}

export interface Exemplar {
  filteredAttributes?: KeyValue[]
  timeUnixNano?: string
  asDouble?: JsonDouble
  asInt?: string
  spanId?: string
  traceId?: string
}
