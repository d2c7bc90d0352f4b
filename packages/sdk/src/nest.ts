// The public face of @burstlet/monitoring/nest: for NestJS on Fastify or Express.
import { recordRequestError } from './requests/record-error.ts'
import { requestOf } from './requests/request-state.ts'
import { safely } from './runtime/safely.ts'

// The few words of Nest and RxJS that are needed.
interface Observer {
  next(value: unknown): void
  error(error: unknown): void
  complete(): void
}
interface Stream {
  subscribe(observer: Observer): unknown
  constructor: unknown
}
type StreamClass = new (subscribe: (observer: Observer) => unknown) => Stream
interface ExecutionContext {
  getClass(): { name: string }
  getHandler(): { name: string }
}
interface CallHandler {
  handle(): unknown
}

/**
 * Records what a controller throws on its request, and names the controller and handler: Nest's exception filters answer
 * before any framework below it sees an error.
 *
 * @example app.useGlobalInterceptors(new MonitoringInterceptor())
 */
export class MonitoringInterceptor {
  /** Called by Nest around each handler. */
  // Nest types the result as an Observable of its own rxjs, which this package does not depend on.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  intercept(context: ExecutionContext, next: CallHandler): any {
    safely('MonitoringInterceptor', () =>
      requestOf()?.span.setAttributes({
        'nestjs.controller': context.getClass().name,
        'nestjs.callback': context.getHandler().name,
      }),
    )
    const stream = next.handle() as Stream
    const Observable = stream.constructor as StreamClass
    return new Observable((observer) =>
      stream.subscribe({
        next: (value) => observer.next(value),
        error: (error) => {
          recordRequestError(error)
          observer.error(error)
        },
        complete: () => observer.complete(),
      }),
    )
  }
}
