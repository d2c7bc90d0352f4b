/** A 64-bit integer, as ClickHouse's JSON gives it: decimal digits. */
export type Int64Text = string
/** Nanoseconds since 1970, decimal digits. */
export type NanosText = string
/** A double; `nan`, `inf` and `-inf` are strings. */
export type DoubleJson = number | 'nan' | 'inf' | '-inf' | '-nan'

/**
 * A map, by the settings `output_format_json_map_as_array_of_tuples` and not `output_format_json_named_tuples_as_objects`.
 */
export type MapEntries<Value> = readonly (readonly [key: string, value: Value])[]

/** The attributes of a row, by type; see the README of this package for what is where. */
export interface AttributeColumns {
  readonly attr_s: MapEntries<string>
  readonly attr_i: MapEntries<Int64Text>
  readonly attr_f: MapEntries<DoubleJson>
  readonly attr_b: MapEntries<boolean>
  /** OTLP/JSON text of an AnyValue: arrays, kvlists, bytes, and `{}` for an empty value. */
  readonly attr_x: MapEntries<string>
}

/** A row of `resources`, selected with `resourceSelect`. */
export interface ResourceRow extends AttributeColumns {
  readonly hash: Int64Text
  readonly service: string
  readonly schema_url: string
  readonly dropped_attributes: number
  /** JSON text of an array of EntityRef, or empty. */
  readonly entity_refs: string
}

/** A row of `scopes`, selected with `scopeSelect`. */
export interface ScopeRow extends AttributeColumns {
  readonly hash: Int64Text
  readonly name: string
  readonly version: string
  readonly schema_url: string
  readonly dropped_attributes: number
}

/** A row of `spans`, selected with `spanSelect`. Ids are hex; an absent parent id is all zeros. */
export interface SpanRow extends AttributeColumns {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string
  readonly startNano: NanosText
  /** Signed nanoseconds; negative where the end was sent before the start. */
  readonly duration: Int64Text
  readonly service: string
  readonly name: string
  readonly kind: number
  readonly status: number
  readonly status_message: string
  readonly trace_state: string
  readonly flags: number
  readonly adjusted_count: number
  readonly errorGroup: Int64Text
  readonly res_hash: Int64Text
  readonly scope_hash: Int64Text
  readonly url_full: string | null
  readonly user_id: string | null
  readonly session_id: string | null
  readonly dropped_attributes: number
  readonly dropped_events: number
  readonly dropped_links: number
  readonly eventTimes: readonly NanosText[]
  readonly eventNames: readonly string[]
  /** JSON object texts, or empty. */
  readonly eventAttributes: readonly string[]
  readonly eventDroppedAttributes: readonly number[]
  readonly linkTraceIds: readonly string[]
  readonly linkSpanIds: readonly string[]
  readonly linkTraceStates: readonly string[]
  readonly linkFlags: readonly number[]
  readonly linkAttributes: readonly string[]
  readonly linkDroppedAttributes: readonly number[]
}

/** A row of `logs`, selected with `logSelect`. Absent ids are all zeros. */
export interface LogRow extends AttributeColumns {
  readonly timeNano: NanosText
  /** 0 the record's own time, 1 its observed time, 2 the moment of receipt. */
  readonly time_source: number
  readonly observedNano: NanosText
  readonly record_id: Int64Text
  readonly service: string
  readonly severity: number
  readonly severity_text: string
  readonly traceId: string
  readonly spanId: string
  readonly flags: number
  readonly event_name: string
  readonly body: string
  /** Field number of the AnyValue variant; 0 no body. */
  readonly body_type: number
  readonly res_hash: Int64Text
  readonly scope_hash: Int64Text
  readonly dropped_attributes: number
}

/** A row of `metric_series`, selected with `seriesSelect`. */
export interface SeriesRow extends AttributeColumns {
  readonly name: string
  readonly fingerprint: Int64Text
  /** 1 gauge, 2 sum, 3 histogram, 4 exponential histogram, 5 summary. */
  readonly type: number
  /** 0 none, 1 delta, 2 cumulative. */
  readonly temporality: number
  readonly monotonic: boolean
  readonly unit: string
  readonly description: string
  /** JSON object text, or empty. */
  readonly metadata: string
  readonly bounds: readonly DoubleJson[]
  readonly service: string
  readonly res_hash: Int64Text
  readonly scope_hash: Int64Text
}

/** What the rows of points of every kind have. */
export interface PointRow {
  readonly fingerprint: Int64Text
  readonly timeNano: NanosText
  readonly startNano: NanosText
  readonly flags: number
}

interface ValueColumns {
  /** 0 no value, 1 double, 2 int. */
  readonly value_type: number
  readonly value_double: DoubleJson
  readonly value_int: Int64Text
}

interface DistributionColumns {
  readonly count: Int64Text
  /** Bits: 1 sum, 2 min, 4 max were sent. */
  readonly has: number
  readonly sum: DoubleJson
  readonly min: DoubleJson
  readonly max: DoubleJson
}

/** A row of `metric_samples`, selected with `sampleSelect`. */
export interface NumberPointRow extends PointRow, ValueColumns {}

/** A row of `metric_histograms`, selected with `histogramSelect`. */
export interface HistogramPointRow extends PointRow, DistributionColumns {
  readonly buckets: readonly Int64Text[]
}

/** A row of `metric_exponential_histograms`, selected with `exponentialHistogramSelect`. */
export interface ExponentialHistogramPointRow extends PointRow, DistributionColumns {
  readonly scale: number
  readonly zero_count: Int64Text
  readonly zero_threshold: DoubleJson
  readonly positive_offset: number
  readonly positive: readonly Int64Text[]
  readonly negative_offset: number
  readonly negative: readonly Int64Text[]
}

/** A row of `metric_summaries`, selected with `summarySelect`. */
export interface SummaryPointRow extends PointRow {
  readonly count: Int64Text
  readonly sum: DoubleJson
  readonly quantiles: readonly DoubleJson[]
  readonly quantile_values: readonly DoubleJson[]
}

/** A row of `metric_exemplars`, selected with `exemplarSelect`. */
export interface ExemplarRow extends ValueColumns {
  readonly fingerprint: Int64Text
  readonly pointTimeNano: NanosText
  readonly timeNano: NanosText
  readonly traceId: string
  readonly spanId: string
  /** JSON object text, or empty. */
  readonly attributes: string
}
