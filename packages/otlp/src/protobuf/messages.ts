/** How a field is written: on the wire, and in OTLP/JSON. An `id` is bytes that JSON writes in hex instead of base64. */
export type ScalarType =
  | 'string'
  | 'bytes'
  | 'id'
  | 'bool'
  | 'enum'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double'

export interface Field {
  /** The name in the definition; its lowerCamelCase form is the usual one in JSON. */
  readonly name: string
  readonly number: number
  readonly type: ScalarType | Message
  readonly repeated: boolean
  /** What comes before a value's own name in JSON, for example `SPAN_KIND_`; enums only. */
  readonly values?: readonly string[]
}

/** A message of opentelemetry-proto, as far as it is stored. */
export interface Message {
  readonly name: string
  /** By both JSON names, lowerCamelCase and original. */
  readonly byName: ReadonlyMap<string, Field>
  readonly byNumber: ReadonlyMap<number, Field>
}

type Definition = readonly [number: number, type: ScalarType | Message, repeated?: 'repeated']

class MessageDefinition implements Message {
  readonly name: string
  readonly byName = new Map<string, Field>()
  readonly byNumber = new Map<number, Field>()

  constructor(name: string) {
    this.name = name
  }

  define(fields: Readonly<Record<string, Definition | readonly [number, 'enum', readonly string[]]>>): this {
    for (const [name, [number, type, last]] of Object.entries(fields)) {
      const field = { name, number, type, repeated: last === 'repeated', ...(Array.isArray(last) && { values: last }) }
      this.byNumber.set(number, field)
      this.byName.set(name, field)
      this.byName.set(
        name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        field,
      )
    }
    return this
  }
}

function message(name: string, fields: Parameters<MessageDefinition['define']>[0]): Message {
  return new MessageDefinition(name).define(fields)
}

const temporalities = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'].map((name) => `AGGREGATION_TEMPORALITY_${name}`)
const spanKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (name) => `SPAN_KIND_${name}`,
)
const statusCodes = ['UNSET', 'OK', 'ERROR'].map((name) => `STATUS_CODE_${name}`)
const severities = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${level}${step}`),
  ),
]

const anyValue = new MessageDefinition('AnyValue')
const keyValue = message('KeyValue', { key: [1, 'string'], value: [2, anyValue] })
anyValue.define({
  string_value: [1, 'string'],
  bool_value: [2, 'bool'],
  int_value: [3, 'int64'],
  double_value: [4, 'double'],
  array_value: [5, message('ArrayValue', { values: [1, anyValue, 'repeated'] })],
  kvlist_value: [6, message('KeyValueList', { values: [1, keyValue, 'repeated'] })],
  bytes_value: [7, 'bytes'],
})

export { anyValue, keyValue }

const entityRef = message('EntityRef', {
  schema_url: [1, 'string'],
  type: [2, 'string'],
  id_keys: [3, 'string', 'repeated'],
  description_keys: [4, 'string', 'repeated'],
})
const resource = message('Resource', {
  attributes: [1, keyValue, 'repeated'],
  dropped_attributes_count: [2, 'uint32'],
  entity_refs: [3, entityRef, 'repeated'],
})
const scope = message('InstrumentationScope', {
  name: [1, 'string'],
  version: [2, 'string'],
  attributes: [3, keyValue, 'repeated'],
  dropped_attributes_count: [4, 'uint32'],
})

function request(plural: string, children: string, item: Message): Message {
  const scoped = message(`Scope${plural}`, {
    scope: [1, scope],
    [children]: [2, item, 'repeated'],
    schema_url: [3, 'string'],
  })
  const ofResource = message(`Resource${plural}`, {
    resource: [1, resource],
    [`scope_${plural.toLowerCase()}`]: [2, scoped, 'repeated'],
    schema_url: [3, 'string'],
  })
  return message(`${plural}Data`, { [`resource_${plural.toLowerCase()}`]: [1, ofResource, 'repeated'] })
}

export const span = message('Span', {
  trace_id: [1, 'id'],
  span_id: [2, 'id'],
  trace_state: [3, 'string'],
  parent_span_id: [4, 'id'],
  flags: [16, 'fixed32'],
  name: [5, 'string'],
  kind: [6, 'enum', spanKinds],
  start_time_unix_nano: [7, 'fixed64'],
  end_time_unix_nano: [8, 'fixed64'],
  attributes: [9, keyValue, 'repeated'],
  dropped_attributes_count: [10, 'uint32'],
  events: [
    11,
    message('Event', {
      time_unix_nano: [1, 'fixed64'],
      name: [2, 'string'],
      attributes: [3, keyValue, 'repeated'],
      dropped_attributes_count: [4, 'uint32'],
    }),
    'repeated',
  ],
  dropped_events_count: [12, 'uint32'],
  links: [
    13,
    message('Link', {
      trace_id: [1, 'id'],
      span_id: [2, 'id'],
      trace_state: [3, 'string'],
      attributes: [4, keyValue, 'repeated'],
      dropped_attributes_count: [5, 'uint32'],
      flags: [6, 'fixed32'],
    }),
    'repeated',
  ],
  dropped_links_count: [14, 'uint32'],
  status: [15, message('Status', { message: [2, 'string'], code: [3, 'enum', statusCodes] })],
})

export const logRecord = message('LogRecord', {
  time_unix_nano: [1, 'fixed64'],
  observed_time_unix_nano: [11, 'fixed64'],
  severity_number: [2, 'enum', severities],
  severity_text: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, keyValue, 'repeated'],
  dropped_attributes_count: [7, 'uint32'],
  flags: [8, 'fixed32'],
  trace_id: [9, 'id'],
  span_id: [10, 'id'],
  event_name: [12, 'string'],
})

const exemplar = message('Exemplar', {
  filtered_attributes: [7, keyValue, 'repeated'],
  time_unix_nano: [2, 'fixed64'],
  as_double: [3, 'double'],
  as_int: [6, 'sfixed64'],
  span_id: [4, 'id'],
  trace_id: [5, 'id'],
})
export const numberDataPoint = message('NumberDataPoint', {
  attributes: [7, keyValue, 'repeated'],
  start_time_unix_nano: [2, 'fixed64'],
  time_unix_nano: [3, 'fixed64'],
  as_double: [4, 'double'],
  as_int: [6, 'sfixed64'],
  exemplars: [5, exemplar, 'repeated'],
  flags: [8, 'uint32'],
})
export const histogramDataPoint = message('HistogramDataPoint', {
  attributes: [9, keyValue, 'repeated'],
  start_time_unix_nano: [2, 'fixed64'],
  time_unix_nano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucket_counts: [6, 'fixed64', 'repeated'],
  explicit_bounds: [7, 'double', 'repeated'],
  exemplars: [8, exemplar, 'repeated'],
  flags: [10, 'uint32'],
  min: [11, 'double'],
  max: [12, 'double'],
})
const buckets = message('Buckets', { offset: [1, 'sint32'], bucket_counts: [2, 'uint64', 'repeated'] })
export const exponentialHistogramDataPoint = message('ExponentialHistogramDataPoint', {
  attributes: [1, keyValue, 'repeated'],
  start_time_unix_nano: [2, 'fixed64'],
  time_unix_nano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zero_count: [7, 'fixed64'],
  positive: [8, buckets],
  negative: [9, buckets],
  flags: [10, 'uint32'],
  exemplars: [11, exemplar, 'repeated'],
  min: [12, 'double'],
  max: [13, 'double'],
  zero_threshold: [14, 'double'],
})
export const summaryDataPoint = message('SummaryDataPoint', {
  attributes: [7, keyValue, 'repeated'],
  start_time_unix_nano: [2, 'fixed64'],
  time_unix_nano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantile_values: [6, message('ValueAtQuantile', { quantile: [1, 'double'], value: [2, 'double'] }), 'repeated'],
  flags: [8, 'uint32'],
})

function data(name: string, point: Message, more: Parameters<MessageDefinition['define']>[0] = {}): Message {
  return message(name, { data_points: [1, point, 'repeated'], ...more })
}

const temporality = { aggregation_temporality: [2, 'enum', temporalities] } as const
const metric = message('Metric', {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, data('Gauge', numberDataPoint)],
  sum: [7, data('Sum', numberDataPoint, { ...temporality, is_monotonic: [3, 'bool'] })],
  histogram: [9, data('Histogram', histogramDataPoint, temporality)],
  exponential_histogram: [10, data('ExponentialHistogram', exponentialHistogramDataPoint, temporality)],
  summary: [11, data('Summary', summaryDataPoint)],
  metadata: [12, keyValue, 'repeated'],
})

/** The Export request of each signal. */
export const requests = {
  traces: request('Spans', 'spans', span),
  logs: request('Logs', 'log_records', logRecord),
  metrics: request('Metrics', 'metrics', metric),
} as const
