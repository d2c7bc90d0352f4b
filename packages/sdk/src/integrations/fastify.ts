import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { context } from '@opentelemetry/api'
import { getRPCMetadata, RPCType } from '@opentelemetry/core'
import { InstrumentationBase } from '@opentelemetry/instrumentation'
import { recordRequestError } from '../requests/record-error.ts'
import { sdkVersion } from '../runtime/version.ts'

// The little of Fastify 4 and 5 that is used. Its own types would make fastify a dependency of the SDK.
interface Request {
  method: string
  routeOptions?: { url?: string }
}
type Done = () => void
interface Fastify {
  addHook(name: 'onRequest', hook: (request: Request, reply: unknown, done: Done) => void): void
  addHook(name: 'onError', hook: (request: Request, reply: unknown, error: Error, done: Done) => void): void
}

const channel = 'fastify.initialization'

/**
 * Gives Fastify's request spans their route, and their errors.
 *
 * The span itself comes from the http instrumentation, so this adds none. @fastify/otel is not used: it brings a second copy
 * of @opentelemetry/core, of instrumentation and of the import hook, and adds a span for each hook and handler.
 */
export class FastifyIntegration extends InstrumentationBase {
  // `declare`: the base constructor calls enable() before this class's fields would be initialised.
  declare private onInitialization: ((message: unknown) => void) | undefined

  constructor() {
    super('@burstlet/monitoring/fastify', sdkVersion, {})
  }

  protected override init() {
    return []
  }

  override enable(): void {
    if (this.onInitialization === undefined) {
      this.onInitialization = (message) => observe((message as { fastify: Fastify }).fastify)
      subscribe(channel, this.onInitialization)
    }
    super.enable()
  }

  override disable(): void {
    if (this.onInitialization !== undefined) unsubscribe(channel, this.onInitialization)
    this.onInitialization = undefined
    super.disable()
  }
}

function observe(fastify: Fastify): void {
  fastify.addHook('onRequest', function nameRoute(request, _reply, done) {
    const route = request.routeOptions?.url
    const metadata = getRPCMetadata(context.active())
    if (route !== undefined && metadata?.type === RPCType.HTTP) metadata.route = route
    done()
  })
  fastify.addHook('onError', function recordError(_request, _reply, error, done) {
    recordRequestError(error)
    done()
  })
}
