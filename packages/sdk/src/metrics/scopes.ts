/** The instrumentation scopes of a service's own metrics. Those of the summary scope become exponential histograms. */
export const CUSTOM_SCOPE = '@burstlet/monitoring/custom'
export const SUMMARY_SCOPE = '@burstlet/monitoring/summary'
