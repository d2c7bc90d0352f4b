/** Tables that SQL of people may read. The user that it runs as has a grant on these and on nothing else. */
export const guestTables = [
  'spans',
  'trace_index',
  'red_1m',
  'red_service_1m',
  'logs',
  'metric_series',
  'metric_samples',
  'metric_histograms',
  'metric_exponential_histograms',
  'metric_summaries',
  'metric_exemplars',
  'resources',
  'scopes',
] as const

export type GuestTable = (typeof guestTables)[number]
