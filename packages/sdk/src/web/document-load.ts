import { isSpanContextValid, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { scrubUrl } from '../privacy/sensitive.ts'

/** Moments of a page load, in the order in which they come. */
const moments = ['responseStart', 'responseEnd', 'domInteractive', 'domContentLoadedEventEnd', 'domComplete'] as const

/**
 * Makes a span of the page's load, with its moments as events. It continues the trace of the server that made the page where
 * the page says so: `<meta name="traceparent" content="…">`, or a Server-Timing header with `traceparent`.
 */
export function reportDocumentLoad(tracer: Tracer): void {
  // The end of the load event is known only after it.
  const report = () => setTimeout(() => makeSpan(tracer), 0)
  if (document.readyState === 'complete') report()
  else addEventListener('load', report, { once: true })
}

function makeSpan(tracer: Tracer): void {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (navigation === undefined) return
  const at = (moment: number) => performance.timeOrigin + moment
  const span = tracer.startSpan(
    'documentLoad',
    {
      startTime: at(navigation.startTime),
      attributes: {
        'url.full': scrubUrl(location.href),
        'browser.navigation.type': navigation.type,
        'http.response.body.size': navigation.encodedBodySize,
        ...(document.referrer === '' ? {} : { 'http.request.header.referer': scrubUrl(document.referrer) }),
      },
    },
    parentContext(navigation),
  )
  for (const moment of moments) if (navigation[moment] > 0) span.addEvent(moment, {}, at(navigation[moment]))
  span.end(at(navigation.loadEventEnd || performance.now()))
}

function parentContext(navigation: PerformanceNavigationTiming) {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="traceparent"]')?.content
  const timing = navigation.serverTiming?.find(({ name }) => name === 'traceparent')?.description
  const parent = parseTraceParent(meta ?? timing ?? '')
  if (parent === null || !isSpanContextValid(parent)) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
}
