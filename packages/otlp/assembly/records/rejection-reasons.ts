// Why an item is not stored; as in `src/decoder/rejections.ts`, in this order.
export const NO_FAULT = -1
export const INVALID_TRACE_ID = 0
export const INVALID_SPAN_ID = 1
export const TIME_OUT_OF_RANGE = 2
export const BUCKET_COUNT_MISMATCH = 3
export const TEMPORALITY_UNSPECIFIED = 4
export const SERIES_LIMIT = 5
export const TOO_MANY_ATTRIBUTES = 6
export const ATTRIBUTE_KEY_TOO_LONG = 7
export const ATTRIBUTE_VALUE_TOO_LONG = 8
export const ATTRIBUTE_KEY_LIMIT = 9
export const BODY_TOO_LONG = 10
export const METRIC_UNNAMED = 11
export const POINT_UNTIMED = 12
