import { guestTables } from '../../src/storage/clickhouse/guest-tables.ts'
import { markOf, type SpaceName, traceIdOf } from './telemetry.ts'

/** What of a space was found out after it was stored. */
export interface Planted {
  readonly space: SpaceName
  /** Range of all asks. */
  readonly from: string
  readonly to: string
  readonly errorGroups: readonly string[]
  readonly log: { readonly id: string; readonly timeUnixNano: string }
  readonly rootSpan: string
  readonly annotation: string
  readonly refused: string
}

export interface Ask {
  readonly path?: Record<string, string>
  readonly query?: Record<string, unknown>
  readonly body?: object
  /**
   * What its own space finds, and others never do; the space's marks when unset. `figures` where there are no texts, and `never` where
   * there is nothing of a space in it.
   */
  readonly finds?: RegExp | 'figures' | 'never'
}

type Asks = (planted: Planted) => readonly Ask[]

/** Of all routes that change something, what is asked in the other space: it must not change what was planted. */
export const changes = new Set([
  'recordAnnotation',
  'deleteAnnotation',
  'uploadSourceMap',
  'deleteSourceMaps',
  'sendCustomMetrics',
  'collectMetrics',
  'createSignInLink',
  'endSession',
  'retryRefusedSegment',
  'dropRefusedSegment',
])

/** Streams until its client goes: asked by itself. */
export const streams = new Set(['tailLogs'])

const signals = ['spans', 'logs', 'metrics'] as const
const queryKinds = ['time_series', 'scalar', 'table', 'distribution', 'raw'] as const

/** The questions of a route, by its operation, whose parameters are true of what was planted in a space. */
export const asks: Readonly<Record<string, Asks>> = {
  getHealth: () => [{ finds: 'never' }],
  listSessions: () => [{ finds: 'never' }],
  getOverview: ({ from, to }) => [{ query: { from, to } }],
  listServices: ({ from, to }) => [{ query: { from, to } }],
  getService: ({ space, from, to }) => [{ path: { name: markOf(space, 'shop') }, query: { from, to } }],
  getServiceMap: ({ space, from, to }) => [
    { query: { from, to } },
    { query: { from, to, service: markOf(space, 'shop') } },
  ],
  listErrorGroups: ({ space, from, to }) => [
    { query: { from, to } },
    { query: { from, to, service: markOf(space, 'shop'), search: markOf(space, 'failure') } },
  ],
  getErrorGroup: ({ from, to, errorGroups }) => errorGroups.map((group) => ({ path: { group }, query: { from, to } })),
  searchTraces: ({ space, from, to }) => [
    { query: { from, to } },
    { query: { from, to, service: markOf(space, 'shop') } },
    { query: { from, to, operation: markOf(space, 'root'), status: 'error', rootOnly: 'true', minDuration: 1 } },
    { query: { from, to, calls: `service = "${markOf(space, 'cart')}"`, errorBelow: 'true' } },
    { query: { from, to, filter: `resource.host.name = "${markOf(space, 'host')}"` } },
    { query: { from, to, filter: `scope.name = "${markOf(space, 'scope')}"` } },
    { query: { from, to, filter: `${markOf(space, 'span-text')} = "${markOf(space, 'span-value')}"` } },
  ],
  getTrace: ({ space }) => [
    { path: { traceId: traceIdOf(space) } },
    { path: { traceId: traceIdOf(space) }, query: { format: 'otlp' } },
  ],
  getTraceTree: ({ space, rootSpan }) => [
    { path: { traceId: traceIdOf(space) } },
    { path: { traceId: traceIdOf(space) }, query: { span: rootSpan } },
  ],
  compareSpans: ({ space, from, to }) => [
    {
      body: { from, to, service: markOf(space, 'shop'), selected: { filter: `name = "${markOf(space, 'root')}"` } },
      finds: /"selected":1/,
    },
  ],
  searchLogs: ({ space, from, to }) => [
    { query: { from, to } },
    { query: { from, to, format: 'otlp' } },
    { query: { from, to, service: markOf(space, 'shop'), level: 'error' } },
    { query: { from, to, search: markOf(space, 'wild') } },
    { query: { from, to, traceId: traceIdOf(space) } },
    { query: { from, to, filter: `resource.host.name = "${markOf(space, 'host')}"` } },
  ],
  countLogs: ({ space, from, to }) => [{ query: { from, to, service: markOf(space, 'shop') }, finds: /"info":2|,2\]/ }],
  listLogFacets: ({ from, to }) => [{ query: { from, to } }],
  listLogPatterns: ({ from, to }) => [{ query: { from, to } }],
  getLogContext: ({ space, log }) => [
    { query: { id: log.id, time: log.timeUnixNano, service: markOf(space, 'shop') } },
  ],
  getMetrics: ({ space, from, to }) => [
    ...['gauge', 'sum', 'histogram', 'exponential', 'summary'].map((name) => ({
      query: { from, to, name: markOf(space, name), groupBy: 'host.name' },
    })),
    { query: { from, to, name: markOf(space, 'gauge'), format: 'otlp' } },
    { query: { from, to, name: 'system.memory.usage', groupBy: 'host.name' } },
    { query: { from, to, category: 'system' } },
    { query: { from, to, category: 'system', host: markOf(space, 'host') }, finds: /"host":/ },
    { query: { from, to, category: 'application' } },
    { query: { from, to, category: 'application', service: markOf(space, 'shop') } },
  ],
  listMetricNames: ({ space, from, to }) => [
    { query: { from, to } },
    { query: { from, to, search: markOf(space, 'g'), service: markOf(space, 'shop') } },
  ],
  listExemplars: ({ space, from, to }) => [
    { query: { from, to, name: markOf(space, 'gauge') } },
    { query: { from, to, name: 'system.memory.usage' } },
  ],
  query: ({ space, from, to }) =>
    signals.flatMap((signal) =>
      queryKinds
        .filter((kind) => signal !== 'metrics' || kind !== 'distribution')
        .map((kind) => ({
          ...(kind === 'distribution' && { finds: 'figures' as const }),
          body: {
            from,
            to,
            kind,
            queries: {
              q: {
                signal,
                ...(signal === 'metrics' && { metric: markOf(space, 'gauge') }),
                ...(kind === 'distribution' && { field: signal === 'spans' ? 'duration' : markOf(space, 'log-whole') }),
                ...(!['raw', 'distribution'].includes(kind) && { groupBy: ['service', 'resource.host.name'] }),
              },
            },
          },
        })),
    ),
  // It tells the statements and what they would read, but no row.
  explainQuery: ({ from, to }) => [
    { body: { from, to, kind: 'table', queries: { q: { signal: 'spans', groupBy: ['service'] } } }, finds: 'never' },
  ],
  listAnnotations: ({ space, from }) => [{ query: { from } }, { query: { from, service: markOf(space, 'shop') } }],
  listSourceMaps: ({ space }) => [{}, { query: { service: markOf(space, 'shop') } }],
  listFieldKeys: ({ space, from, to }) => [
    ...signals.map((signal) => ({ query: { from, to, signal, limit: 1000 } })),
    { query: { from, to, signal: 'metrics', metric: markOf(space, 'gauge') } },
  ],
  listFieldValues: ({ space, from, to }) => [
    ...signals.map((signal) => ({ query: { from, to, signal, key: 'resource.host.name' } })),
    { query: { from, to, signal: 'spans', key: markOf(space, 'span-text') } },
    { query: { from, to, signal: 'spans', key: 'name' } },
  ],
  runSql: () => [
    ...guestTables.map((table) => ({
      body: { query: `SELECT * FROM ${table}`, limit: 1000 },
      ...(table === 'trace_index' && { finds: 'never' as const }),
    })),
    {
      body: { query: 'SELECT r.attr_s FROM spans AS s INNER JOIN resources AS r ON s.res_hash = r.hash', limit: 1000 },
    },
    {
      body: {
        query: 'SELECT name FROM (SELECT name FROM spans UNION ALL SELECT body FROM logs) ORDER BY name',
        limit: 1000,
      },
    },
  ],
  getIngest: () => [{}],
  listRefusedSegments: ({ refused }) => [{ finds: new RegExp(`\\.${refused}"`) }],
}
