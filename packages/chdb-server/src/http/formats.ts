/** Formats whose blocks can stand one after the other, so that a SELECT in one of them is streamed. */
const streamable = new Set([
  ...['Native', 'RowBinary', 'MsgPack', 'RawBLOB', 'LineAsString', 'TSKV', 'Null'],
  ...['JSONEachRow', 'JSONLines', 'NDJSON', 'JSONStringsEachRow', 'JSONCompactEachRow', 'JSONCompactStringsEachRow'],
  'JSONCompactEachRowWithNamesAndTypes',
  ...['CSV', 'TSV', 'TabSeparated', 'TSVRaw', 'TabSeparatedRaw'],
])

/** Lines that each block begins with, and that only the first one should. */
export function headerLines(format: string): number {
  return format === 'JSONCompactEachRowWithNamesAndTypes' ? 2 : 0
}

/** Everything else (JSON, …WithNames, Parquet, Arrow, …) is one document, which the engine has to hold as a whole. */
export function isStreamable(format: string): boolean {
  return streamable.has(format)
}

export const defaultFormat = 'TabSeparated'

/** The Content-Type that ClickHouse sends for a format. */
export function contentType(format: string): string {
  if (/^(?:JSON\w*EachRow\w*|JSONLines|NDJSON)$/.test(format)) return 'application/x-ndjson; charset=UTF-8'
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8'
  if (format.startsWith('CSV')) {
    return `text/csv; charset=UTF-8; header=${format === 'CSV' ? 'absent' : 'present'}`
  }
  if (/^(?:TSV|TabSeparated)/.test(format)) return 'text/tab-separated-values; charset=UTF-8'
  if (/^(?:Native|RowBinary|Parquet|Arrow|ORC|Avro|MsgPack|RawBLOB|Npy|BSON|Protobuf|CapnProto)/.test(format)) {
    return 'application/octet-stream'
  }
  return 'text/plain; charset=UTF-8'
}
