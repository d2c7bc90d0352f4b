/** A severity of `logger`, least severe first. Upper case is accepted in configuration. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** A way to notify people. */
export type AlertChannelKind = 'email' | 'slack' | 'webhook' | 'sms'

/** A channel by its kind, or an object with its kind and whatever the server needs to reach it. */
export type AlertChannel = AlertChannelKind | { type: AlertChannelKind; [setting: string]: unknown }

/** The configuration object. Every part is optional. */
export interface MonitoringConfig {
  /** Default true. False starts nothing. */
  enabled?: boolean
  /** Seconds between two collections of metrics, 1 to 86,400. Default 60. */
  collectInterval?: number
  /** Days that metrics are kept. A setting of the server, which reads this object from the file in `MONITORING_CONFIG`. */
  retentionDays?: number
  services?: {
    /** Spans of SQL and document databases. Default true. */
    database?: boolean
    /** Spans of Redis. Default true. */
    redis?: boolean
    /** Hosts of other people's APIs (`api.example.com`): requests to them carry `peer.service`. */
    externalApis?: string[]
  }
  metrics?: {
    /** Host, process and runtime. Default true. */
    system?: boolean
    /** HTTP, database and messaging. Default true. */
    application?: boolean
    /** What `metrics` of this package records. Default true. */
    custom?: boolean
  }
  /** Settings of the server. */
  alerts?: { enabled?: boolean; defaultChannels?: AlertChannel[] }
  logging?: {
    /** The least severe level that `logger` sends. Default info. */
    level?: LogLevel | Uppercase<LogLevel>
    /** Days that logs are kept. A setting of the server, as `retentionDays` is. */
    retention?: number
  }
  tracing?: {
    /** Default true. */
    enabled?: boolean
    /**
     * Share of traces that are kept, 0 to 1; a trace that a caller keeps is kept. Traces that began here and failed or were
     * slow are kept in any case. Counts in the backend stay right. Default 1.
     */
    samplingRate?: number
  }
  requests?: {
    /** Requests that take at least this many milliseconds are marked as slow. Default 1000. */
    slowMs?: number
    /**
     * How many milliseconds a route may take: `{ 'GET /orders/:id': 200, '/search': 400, '*': 1000 }`. The most exact entry
     * counts. Each request is counted as met or violated in the metric `sla.checks`.
     */
    budgets?: Record<string, number>
    /** The response header that tells the trace id; false for none. Default x-trace-id. */
    traceHeader?: string | false
  }
  database?: {
    /** Statements that take at least this many milliseconds are marked as slow. Default 500. */
    slowMs?: number
  }
  /** Default: OTEL_SERVICE_NAME, else the name in the nearest package.json. */
  serviceName?: string
  /** Where OTLP/HTTP goes. Default http://127.0.0.1:4318. */
  endpoint?: string
  /** Sent with every export, an ingest key for instance. */
  headers?: Record<string, string>
}
