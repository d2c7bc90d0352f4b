import type { ResolvedConfig } from '@burstlet/contract/configuration'

/** What holds where nothing was configured: the specification's defaults. A test holds it against the schema. */
export const defaultConfig: ResolvedConfig = {
  enabled: true,
  collectInterval: 60,
  retentionDays: 30,
  services: { database: true, redis: true, externalApis: [] },
  metrics: { system: true, application: true, custom: true },
  alerts: { enabled: true, defaultChannels: [] },
  logging: { level: 'info', retention: 7 },
  tracing: { enabled: true, samplingRate: 1 },
  requests: { slowMs: 1000, budgets: {}, traceHeader: 'x-trace-id' },
  database: { slowMs: 500 },
}
