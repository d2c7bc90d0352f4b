import { readFileSync } from 'node:fs'

/** Statements that make the exporter's tables. */
export function exporterSchema(): string[] {
  return readFileSync(new URL('exporter-schema.sql', import.meta.url), 'utf8')
    .replaceAll(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

const asText = (map: string) => `mapApply((k, v) -> (k, toString(v)), ${map})`
/** The exporter has one map of texts. */
const attributes = (moved: readonly string[] = []) =>
  `CAST(mapConcat(${['attr_s', ...['attr_i', 'attr_f', 'attr_b'].map(asText), ...moved].join(', ')}), 'Map(LowCardinality(String), String)')`
const moved = (column: string, key: string) => `if(${column} IS NULL, map(), map('${key}', assumeNotNull(${column})))`

const resourceOf = `INNER JOIN (
  SELECT hash, attr_s AS resource FROM burstlet.resources WHERE space = 'default' LIMIT 1 BY hash
) AS resources ON resources.hash = item.res_hash`

/** Our spans that were received in some hours, in the exporter's tables. @param hours seconds since 1970 */
export const copySpans = (hours: { from: number; to: number }) => `
INSERT INTO otel.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, TraceState, SpanName, SpanKind, ServiceName, ResourceAttributes,
  ScopeName, ScopeVersion, SpanAttributes, Duration, StatusCode, StatusMessage, Events.Timestamp, Events.Name, Events.Attributes,
  Links.TraceId, Links.SpanId, Links.TraceState, Links.Attributes)
SELECT item.start, lower(hex(trace_id)), lower(hex(span_id)), if(parent_id = toFixedString('', 8), '', lower(hex(parent_id))), trace_state, name,
  ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'][kind + 1], item.service, resource,
  'shop', '1', ${attributes([moved('url_full', 'url.full'), moved('user_id', 'user.id'), moved('session_id', 'session.id')])},
  toUInt64(duration), ['Unset', 'Ok', 'Error'][status + 1], status_message,
  \`events.time\`, \`events.name\`, arrayMap(each -> CAST(JSONExtract(each, 'Map(String, String)'), 'Map(LowCardinality(String), String)'), \`events.attributes\`),
  [], [], [], []
FROM burstlet.spans AS item ${resourceOf}
WHERE received >= toDateTime(${hours.from}) AND received < toDateTime(${hours.to})`

export const copyLogs = (hours: { from: number; to: number }) => `
INSERT INTO otel.otel_logs (Timestamp, TraceId, SpanId, TraceFlags, SeverityText, SeverityNumber, ServiceName, Body, ResourceAttributes,
  ScopeName, LogAttributes)
SELECT item.time, if(trace_id = toFixedString('', 16), '', lower(hex(trace_id))), if(span_id = toFixedString('', 8), '', lower(hex(span_id))),
  toUInt8(flags), severity_text, severity, item.service, body, resource, 'shop', ${attributes()}
FROM burstlet.logs AS item ${resourceOf}
WHERE received >= toDateTime(${hours.from}) AND received < toDateTime(${hours.to})`

/** @param sums whether they are sums, and not gauges */
export const copySamples = (sums: boolean, hours: { from: number; to: number }) => `
INSERT INTO otel.otel_metrics_${sums ? 'sum' : 'gauge'} (ResourceAttributes, ScopeName, ServiceName, MetricName, MetricUnit, Attributes,
  StartTimeUnix, TimeUnix, Value${sums ? ', AggregationTemporality, IsMonotonic' : ''})
SELECT resource, 'shop', series.service, item.name, series.unit, series.attr_s, toDateTime(item.start), toDateTime(item.time), item.value
  ${sums ? ', 2, true' : ''}
FROM burstlet.metric_samples AS item
INNER JOIN (SELECT * FROM burstlet.metric_series LIMIT 1 BY fingerprint) AS series ON series.fingerprint = item.fingerprint
${resourceOf.replace('item.', 'series.')}
WHERE item.received >= toDateTime(${hours.from}) AND item.received < toDateTime(${hours.to})`
