/** The instrumentation scopes of a service's own metrics. Those of the summary scope become exponential histograms. */
export const customScope = '@burstlet/monitoring/custom'
export const summaryScope = '@burstlet/monitoring/summary'
