import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { EngineError } from '../engine/error.ts'

/** What the URL and the headers of a query say. */
export interface QueryRequest {
  query: string
  queryId: string
  database: string | undefined
  /** Output format, and input format of an INSERT, when the text names none. */
  defaultFormat: string | undefined
  /** `param_*`, without the prefix. */
  params: Map<string, string>
  settings: Map<string, string>
  /** A file name inside the folder of local files, whose content is the data of an INSERT. */
  localFile: string | undefined
  /** Hold back the answer until it is complete. */
  waitEndOfQuery: boolean
  /** Compress the answer, if the client accepts it. */
  compress: boolean
  /** Bytes to hold back, so that an early error still has a status of its own. */
  bufferSize: number
}

const defaultBufferSize = 1024 * 1024
const maxBufferSize = 64 * 1024 * 1024

/** Parameters of the HTTP interface itself. Those that are undefined here change nothing in this server. */
const ignored = new Set([
  ...['user', 'password', 'quota_key', 'stacktrace', 'close_session', 'session_timeout', 'session_check'],
  ...['send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'add_http_cors_header'],
  ...['http_zlib_compression_level', 'cancel_http_readonly_queries_on_client_close', 'client_protocol_version'],
  ...['http_write_exception_in_output_format', 'http_native_compression_disable_checksumming_on_decompress'],
])

/** Reads a request's parameters. Throws on what this server refuses, and names it. */
export function parseQueryRequest(request: IncomingMessage, url: URLSearchParams): QueryRequest {
  const parsed: QueryRequest = {
    query: '',
    queryId: headerOf(request, 'x-clickhouse-query-id') ?? randomUUID(),
    database: headerOf(request, 'x-clickhouse-database'),
    defaultFormat: headerOf(request, 'x-clickhouse-format'),
    params: new Map(),
    settings: new Map(),
    localFile: undefined,
    waitEndOfQuery: false,
    compress: false,
    bufferSize: defaultBufferSize,
  }
  for (const [name, value] of url) readParameter(parsed, name, value)
  // Both are echoed in a header.
  if (!/^[\x20-\x7e]{1,1000}$/.test(parsed.queryId)) {
    throw new EngineError(36, 'BAD_ARGUMENTS', 'A query id is of 1 to 1000 printable ASCII characters')
  }
  if (parsed.defaultFormat !== undefined && !/^\w+$/.test(parsed.defaultFormat)) {
    throw new EngineError(73, 'UNKNOWN_FORMAT', `Unknown format ${parsed.defaultFormat}`)
  }
  return parsed
}

/** Also serves the fields of a multipart body, which clickhouse-js sends for long parameters. */
export function readParameter(parsed: QueryRequest, name: string, value: string): void {
  if (name.startsWith('param_')) parsed.params.set(identifier(name.slice('param_'.length)), value)
  else if (name === 'query') parsed.query = value
  else if (name === 'query_id') parsed.queryId = value === '' ? parsed.queryId : value
  else if (name === 'database') parsed.database = value
  else if (name === 'default_format') parsed.defaultFormat = value
  else if (name === 'local_file') parsed.localFile = value
  else if (name === 'wait_end_of_query') parsed.waitEndOfQuery = isTrue(value)
  else if (name === 'enable_http_compression') parsed.compress = isTrue(value)
  else if (name === 'buffer_size' || name === 'http_response_buffer_size') parsed.bufferSize = bytes(name, value)
  else if (name === 'session_id' || name === 'role') refuse(name, value)
  else if (name === 'compress' || name === 'decompress') refuse(name, isTrue(value) ? value : '')
  else if (!ignored.has(name)) parsed.settings.set(identifier(name), value)
}

const refusals: Readonly<Record<string, string>> = {
  session_id: 'sessions are not supported: every request has a connection of its own',
  role: 'roles are not supported by the embedded engine',
  compress: "ClickHouse's own block compression is not supported: use enable_http_compression=1 and Accept-Encoding",
  decompress: "ClickHouse's own block compression is not supported: use Content-Encoding",
}

function refuse(name: string, value: string): void {
  if (value !== '') throw new EngineError(48, 'NOT_IMPLEMENTED', `Parameter ${name}: ${refusals[name]}`)
}

function identifier(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name
  throw new EngineError(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`)
}

function bytes(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new EngineError(36, 'BAD_ARGUMENTS', `${name} must be a number of bytes`)
  return Math.min(Number(value), maxBufferSize)
}

function isTrue(value: string): boolean {
  return value === '1' || value === 'true'
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
