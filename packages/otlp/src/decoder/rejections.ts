/** Why items of a request were not stored. */
export interface Rejection {
  readonly reason: RejectionReason
  readonly count: number
  /** What the first such item was, for a person to find it by. */
  readonly first: string
}

/** In the order of the numbers in `assembly/records/rejection-reasons.ts`. */
export const rejectionReasons = [
  'invalid_trace_id',
  'invalid_span_id',
  'time_out_of_range',
  'bucket_count_mismatch',
  'temporality_unspecified',
  'series_limit',
  'too_many_attributes',
  'attribute_key_too_long',
  'attribute_value_too_long',
  'attribute_key_limit',
  'body_too_long',
  'metric_unnamed',
  'point_untimed',
] as const

export type RejectionReason = (typeof rejectionReasons)[number]

const explanations: Record<RejectionReason, string> = {
  invalid_trace_id: 'trace id is not 16 bytes, or all zero',
  invalid_span_id: 'span id is not 8 bytes, or all zero',
  time_out_of_range: 'time is after the year 2262',
  bucket_count_mismatch: 'bucket counts are not one more than the bounds',
  temporality_unspecified: 'aggregation temporality is neither delta nor cumulative',
  series_limit: 'the metric, or the service, has too many series today',
  too_many_attributes: 'there are more attributes than a record may have',
  attribute_key_too_long: 'an attribute key is longer than the limit',
  attribute_value_too_long: 'an attribute value is larger than the limit',
  attribute_key_limit: 'the signal has too many different attribute keys',
  body_too_long: 'the body is larger than the limit',
  metric_unnamed: 'the metric has no name',
  point_untimed: 'the data point has no time',
}

const maxName = 100

/** Counts the rejected items of one request, by reason. */
export class Rejections {
  total = 0
  readonly #byReason = new Map<RejectionReason, { count: number; first: string }>()

  clear(): void {
    this.total = 0
    this.#byReason.clear()
  }

  /** `describe` is asked for the first offender of each reason only. */
  add(reason: RejectionReason, describe: () => string): void {
    this.total++
    const entry = this.#byReason.get(reason)
    if (entry === undefined) this.#byReason.set(reason, { count: 1, first: shorten(describe()) })
    else entry.count++
  }

  list(): Rejection[] {
    return [...this.#byReason].map(([reason, { count, first }]) => ({ reason, count, first }))
  }

  /** For `partial_success.error_message`: each reason, how often, and the first offender. Empty when all is well. */
  message(items: string): string {
    if (this.total === 0) return ''
    const parts = this.list().map(
      ({ reason, count, first }) => `${explanations[reason]} (${count}; the first: ${first})`,
    )
    return `${this.total} ${items} rejected: ${parts.join('; ')}`
  }
}

function shorten(text: string): string {
  return text.length <= maxName ? text : `${text.slice(0, maxName)}…`
}
