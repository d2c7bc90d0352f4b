// Made by scripts/generate-client.ts from docs/openapi.json; do not edit.
import type * as api from './types.gen.ts'

/** What each operation takes and answers. */
export type Operations = {
  /** State of the server and its parts */
  getHealth: { data: api.GetHealthData; answer: api.GetHealthResponses }
  /** Everything of the first page in one answer */
  getOverview: { data: api.GetOverviewData; answer: api.GetOverviewResponses }
  /** Services with rate, errors and durations of their entry spans */
  listServices: { data: api.ListServicesData; answer: api.ListServicesResponses }
  /** One service: rate, errors and durations over time, and its endpoints */
  getService: { data: api.GetServiceData; answer: api.GetServiceResponses }
  /** Services, databases, queues and other peers, and who asks whom */
  getServiceMap: { data: api.GetServiceMapData; answer: api.GetServiceMapResponses }
  /** Errors of one cause together */
  listErrorGroups: { data: api.ListErrorGroupsData; answer: api.ListErrorGroupsResponses }
  /** One group of errors: over time, with samples and the stack of the newest */
  getErrorGroup: { data: api.GetErrorGroupData; answer: api.GetErrorGroupResponses }
  /** Search traces, newest first */
  searchTraces: { data: api.SearchTracesData; answer: api.SearchTracesResponses }
  /** The spans of a trace */
  getTrace: { data: api.GetTraceData; answer: api.GetTraceResponses }
  /** A page of the tree of a trace, with self times and the critical path */
  getTraceTree: { data: api.GetTraceTreeData; answer: api.GetTraceTreeResponses }
  /** Which attributes set slow or failed spans apart from the rest */
  compareSpans: { data: api.CompareSpansData; answer: api.CompareSpansResponses }
  /** Search log records, newest first */
  searchLogs: { data: api.SearchLogsData; answer: api.SearchLogsResponses }
  /** Count log records per level and bucket of time */
  countLogs: { data: api.CountLogsData; answer: api.CountLogsResponses }
  /** The commonest values of the fields of what a search finds */
  listLogFacets: { data: api.ListLogFacetsData; answer: api.ListLogFacetsResponses }
  /** Bodies that differ in numbers and ids only, together */
  listLogPatterns: { data: api.ListLogPatternsData; answer: api.ListLogPatternsResponses }
  /** What the same service wrote before and after a record */
  getLogContext: { data: api.GetLogContextData; answer: api.GetLogContextResponses }
  /** Log records as they arrive, as server-sent events */
  tailLogs: { data: api.TailLogsData; answer: api.TailLogsResponses }
  /** System, application or any other metrics over time */
  getMetrics: { data: api.GetMetricsData; answer: api.GetMetricsResponses }
  /** What metrics there are */
  listMetricNames: { data: api.ListMetricNamesData; answer: api.ListMetricNamesResponses }
  /** Single measurements of a metric, with the trace that each was made in */
  listExemplars: { data: api.ListExemplarsData; answer: api.ListExemplarsResponses }
  /** Spans, logs and metrics: over time, as a whole, as a table, a distribution, or their rows */
  query: { data: api.QueryData; answer: api.QueryResponses }
  /** The SQL of a query, and what it read */
  explainQuery: { data: api.ExplainQueryData; answer: api.ExplainQueryResponses }
  /** Deployments, newest first */
  listAnnotations: { data: api.ListAnnotationsData; answer: api.ListAnnotationsResponses }
  /** Record a deployment */
  recordAnnotation: { data: api.RecordAnnotationData; answer: api.RecordAnnotationResponses }
  /** Take a recorded deployment back */
  deleteAnnotation: { data: api.DeleteAnnotationData; answer: api.DeleteAnnotationResponses }
  /** Upload the source map of a script of a release */
  uploadSourceMap: { data: api.UploadSourceMapData; answer: api.UploadSourceMapResponses }
  /** Source maps that were uploaded, newest first */
  listSourceMaps: { data: api.ListSourceMapsData; answer: api.ListSourceMapsResponses }
  /** Delete the source maps of a release */
  deleteSourceMaps: { data: api.DeleteSourceMapsData; answer: api.DeleteSourceMapsResponses }
  /** What can be filtered and grouped by, with counts */
  listFieldKeys: { data: api.ListFieldKeysData; answer: api.ListFieldKeysResponses }
  /** Values of a field, with counts */
  listFieldValues: { data: api.ListFieldValuesData; answer: api.ListFieldValuesResponses }
  /** One SELECT over the tables of telemetry */
  runSql: { data: api.RunSqlData; answer: api.RunSqlResponses }
  /** Browsers that are signed in, the newest first */
  listSessions: { data: api.ListSessionsData; answer: api.ListSessionsResponses }
  /** Sign a browser out */
  endSession: { data: api.EndSessionData; answer: api.EndSessionResponses }
  /** A link that signs one browser in, good for a quarter of an hour */
  createSignInLink: { data: api.CreateSignInLinkData; answer: api.CreateSignInLinkResponses }
  /** Store values of metrics of your own */
  sendCustomMetrics: { data: api.SendCustomMetricsData; answer: api.SendCustomMetricsResponses }
  /** Read this host and process now, and store it */
  collectMetrics: { data: api.CollectMetricsData; answer: api.CollectMetricsResponses }
  /** What came in, what waits for ClickHouse, and how inserts go */
  getIngest: { data: api.GetIngestData; answer: api.GetIngestResponses }
  /** Rows that ClickHouse did not take, oldest first */
  listRefusedSegments: { data: api.ListRefusedSegmentsData; answer: api.ListRefusedSegmentsResponses }
  /** Send refused rows once more */
  retryRefusedSegment: { data: api.RetryRefusedSegmentData; answer: api.RetryRefusedSegmentResponses }
  /** Give refused rows up for good */
  dropRefusedSegment: { data: api.DropRefusedSegmentData; answer: api.DropRefusedSegmentResponses }
}

/** How each operation is asked for. */
export const operations: { readonly [Name in keyof Operations]: readonly [method: string, path: string] } = {
  getHealth: ['GET', '/api/v1/monitoring/health'],
  getOverview: ['GET', '/api/v1/monitoring/overview'],
  listServices: ['GET', '/api/v1/monitoring/services'],
  getService: ['GET', '/api/v1/monitoring/services/{name}'],
  getServiceMap: ['GET', '/api/v1/monitoring/service-map'],
  listErrorGroups: ['GET', '/api/v1/monitoring/errors'],
  getErrorGroup: ['GET', '/api/v1/monitoring/errors/{group}'],
  searchTraces: ['GET', '/api/v1/monitoring/traces'],
  getTrace: ['GET', '/api/v1/monitoring/traces/{traceId}'],
  getTraceTree: ['GET', '/api/v1/monitoring/traces/{traceId}/tree'],
  compareSpans: ['POST', '/api/v1/monitoring/traces/compare'],
  searchLogs: ['GET', '/api/v1/monitoring/logs'],
  countLogs: ['GET', '/api/v1/monitoring/logs/histogram'],
  listLogFacets: ['GET', '/api/v1/monitoring/logs/facets'],
  listLogPatterns: ['GET', '/api/v1/monitoring/logs/patterns'],
  getLogContext: ['GET', '/api/v1/monitoring/logs/context'],
  tailLogs: ['GET', '/api/v1/monitoring/logs/tail'],
  getMetrics: ['GET', '/api/v1/monitoring/metrics'],
  listMetricNames: ['GET', '/api/v1/monitoring/metrics/names'],
  listExemplars: ['GET', '/api/v1/monitoring/metrics/exemplars'],
  query: ['POST', '/api/v1/monitoring/query'],
  explainQuery: ['POST', '/api/v1/monitoring/query/explain'],
  listAnnotations: ['GET', '/api/v1/monitoring/annotations'],
  recordAnnotation: ['POST', '/api/v1/monitoring/annotations'],
  deleteAnnotation: ['DELETE', '/api/v1/monitoring/annotations/{id}'],
  uploadSourceMap: ['PUT', '/api/v1/monitoring/source-maps'],
  listSourceMaps: ['GET', '/api/v1/monitoring/source-maps'],
  deleteSourceMaps: ['DELETE', '/api/v1/monitoring/source-maps'],
  listFieldKeys: ['GET', '/api/v1/monitoring/fields/keys'],
  listFieldValues: ['GET', '/api/v1/monitoring/fields/values'],
  runSql: ['POST', '/api/v1/monitoring/sql'],
  listSessions: ['GET', '/api/v1/monitoring/sessions'],
  endSession: ['DELETE', '/api/v1/monitoring/sessions/{id}'],
  createSignInLink: ['POST', '/api/v1/monitoring/sign-in-links'],
  sendCustomMetrics: ['POST', '/api/v1/monitoring/metrics/custom'],
  collectMetrics: ['POST', '/api/v1/monitoring/metrics/collect'],
  getIngest: ['GET', '/api/v1/monitoring/ingest'],
  listRefusedSegments: ['GET', '/api/v1/monitoring/ingest/refused'],
  retryRefusedSegment: ['POST', '/api/v1/monitoring/ingest/refused/{id}/retry'],
  dropRefusedSegment: ['DELETE', '/api/v1/monitoring/ingest/refused/{id}'],
}
