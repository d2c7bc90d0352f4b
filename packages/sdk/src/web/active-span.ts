import { type Context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'

/** The span that code of the page runs in. Browsers have nothing that follows code through its waiting, so it ends there. */
export class ActiveSpan {
  context: Context = ROOT_CONTEXT

  /** Runs `work`, as far as it goes without waiting, in the span. */
  during<T>(span: Span, work: () => T): T {
    const outer = this.context
    this.context = trace.setSpan(outer, span)
    try {
      return work()
    } finally {
      this.context = outer
    }
  }
}
