/** The release that the page was built as. */
declare const PAGE_VERSION: string

/**
 * Lets the page report on itself, where the server asks for that: its load, its requests, web vitals and errors, to its own
 * origin, where the session decides. Otherwise nothing of it is loaded.
 */
export function monitorItself(): void {
  const endpoint = document.querySelector<HTMLMetaElement>('meta[name="page-telemetry"]')?.content
  if (!endpoint) return
  void import('@burstlet/monitoring/web').then(({ startWebMonitoring }) =>
    startWebMonitoring({ endpoint, serviceName: 'monitoring-web', serviceVersion: PAGE_VERSION }),
  )
}
