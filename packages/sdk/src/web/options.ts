/** What a page says about itself, and where its telemetry goes. */
export interface WebOptions {
  /**
   * The OTLP/HTTP address that browsers reach: `https://otlp.example.com`, where the page's origin must be allowed; or a path of
   * the page's own server that passes it on, `/telemetry`.
   */
  endpoint: string
  /** Stands beside the names of the services. */
  serviceName: string
  /** The release; source maps are found by it. */
  serviceVersion?: string
  /** `production`, `staging`. */
  environment?: string
  /** Sent with every export. Whatever stands here is public: a key must be good for nothing but sending. */
  headers?: Record<string, string>
  /** Origins besides the page's own whose requests carry the trace: `https://api.example.com`. They must allow `traceparent`. */
  propagateTo?: string[]
  /** Share of page loads that are traced, 0 to 1; errors and vitals are sent in any case. Default 1. */
  samplingRate?: number
}
