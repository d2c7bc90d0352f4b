/**
 * What to select from each table so that its rows are those of `rows.ts`, which `encode.ts` turns back into OTLP/JSON.
 * Read them as JSONEachRow with `output_format_json_quote_64bit_integers=1` and `output_format_json_quote_denormals=1`.
 * Every alias is in camelCase, as no column is: an alias with the name of a column would take its place in WHERE.
 */

const attributes = ['attr_s', 'attr_i', 'attr_f', 'attr_b', 'attr_x']
const hex = (column: string, alias: string) => `lower(hex(${column})) AS ${alias}`
const nanos = (column: string, alias: string) => `toUnixTimestamp64Nano(${column}) AS ${alias}`

/** Rows: `ResourceRow`. Several rows may have the same hash; they are equal in all that is selected. */
export const resourceSelect = list('hash', 'service', 'schema_url', ...attributes, 'dropped_attributes', 'entity_refs')

/** Rows: `ScopeRow`. */
export const scopeSelect = list('hash', 'name', 'version', 'schema_url', ...attributes, 'dropped_attributes')

/** Rows: `SpanRow`. */
export const spanSelect = list(
  hex('trace_id', 'traceId'),
  hex('span_id', 'spanId'),
  hex('parent_id', 'parentId'),
  nanos('start', 'startNano'),
  'duration',
  'service',
  'name',
  'kind',
  'status',
  'status_message',
  'trace_state',
  'flags',
  'adjusted_count',
  'toString(error_group) AS errorGroup',
  'res_hash',
  'scope_hash',
  'url_full',
  'user_id',
  'session_id',
  ...attributes,
  'dropped_attributes',
  'dropped_events',
  'dropped_links',
  'arrayMap(t -> toUnixTimestamp64Nano(t), `events.time`) AS eventTimes',
  '`events.name` AS eventNames',
  '`events.attributes` AS eventAttributes',
  '`events.dropped_attributes` AS eventDroppedAttributes',
  'arrayMap(id -> lower(hex(id)), `links.trace_id`) AS linkTraceIds',
  'arrayMap(id -> lower(hex(id)), `links.span_id`) AS linkSpanIds',
  '`links.trace_state` AS linkTraceStates',
  '`links.flags` AS linkFlags',
  '`links.attributes` AS linkAttributes',
  '`links.dropped_attributes` AS linkDroppedAttributes',
)

/** Rows: `LogRow`. */
export const logSelect = list(
  nanos('time', 'timeNano'),
  'time_source',
  nanos('observed', 'observedNano'),
  'record_id',
  'service',
  'severity',
  'severity_text',
  hex('trace_id', 'traceId'),
  hex('span_id', 'spanId'),
  'flags',
  'event_name',
  'body',
  'body_type',
  'res_hash',
  'scope_hash',
  ...attributes,
  'dropped_attributes',
)

/** Rows: `SeriesRow`. Several rows may have the same fingerprint; they are equal in all that is selected. */
export const seriesSelect = list(
  'name',
  'fingerprint',
  'type',
  'temporality',
  'monotonic',
  'unit',
  'description',
  'metadata',
  'bounds',
  'service',
  'res_hash',
  'scope_hash',
  ...attributes,
)

const point = ['fingerprint', nanos('time', 'timeNano'), nanos('start', 'startNano'), 'flags']
const distribution = ['count', 'has', 'sum', 'min', 'max']

/** Rows: `NumberPointRow`. */
export const sampleSelect = list(...point, 'value_type', 'value_double', 'value_int')

/** Rows: `HistogramPointRow`. */
export const histogramSelect = list(...point, ...distribution, 'buckets')

/** Rows: `ExponentialHistogramPointRow`. */
export const exponentialHistogramSelect = list(
  ...point,
  ...distribution,
  'scale',
  'zero_count',
  'zero_threshold',
  'positive_offset',
  'positive',
  'negative_offset',
  'negative',
)

/** Rows: `SummaryPointRow`. */
export const summarySelect = list(...point, 'count', 'sum', 'quantiles', 'quantile_values')

/** Rows: `ExemplarRow`. */
export const exemplarSelect = list(
  'fingerprint',
  nanos('point_time', 'pointTimeNano'),
  nanos('time', 'timeNano'),
  'value_type',
  'value_double',
  'value_int',
  hex('trace_id', 'traceId'),
  hex('span_id', 'spanId'),
  'attributes',
)

function list(...expressions: string[]): string {
  return expressions.join(', ')
}
