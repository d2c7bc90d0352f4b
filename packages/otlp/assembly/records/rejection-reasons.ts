// Why an item is not stored; as in `src/decoder/rejections.ts`, in this order.
export const NO_FAULT = -1
export const INVALID_TRACE_ID = 0
export const INVALID_SPAN_ID = 1
export const TIME_OUT_OF_RANGE = 2
export const BUCKET_COUNT_MISMATCH = 3
export const TEMPORALITY_UNSPECIFIED = 4
export const SERIES_LIMIT = 5
