import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ResolvedConfig } from '@burstlet/contract/configuration'
import { type Context, context, diag, ValueType } from '@opentelemetry/api'
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
import { noteThatThrew } from '../requests/open-requests.ts'
import { type Served, ServedRequests } from '../requests/served.ts'
import { tellTrace } from '../requests/trace-header.ts'
import { sdkVersion } from '../runtime/version.ts'

type Emit = (this: object, event: string | symbol, ...args: unknown[]) => boolean
interface Http {
  Server: { prototype: { emit: Emit } }
}

/** Bounds of `http.server.request.duration` in seconds, as the semantic conventions advise. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Makes the server span and the metric of each request that `node:http` and `node:https` serve.
 *
 * OpenTelemetry's own does the same and costs twice as much: it binds every method of request and response that takes a
 * listener, and parses the URL twice. Here the two get one `emit` that runs their listeners in the request's context.
 */
export class HttpServerIntegration extends InstrumentationBase {
  readonly #settings: ResolvedConfig['requests']
  #requests: ServedRequests | undefined

  constructor(settings: ResolvedConfig['requests']) {
    super('@burstlet/monitoring/http-server', sdkVersion, {})
    this.#settings = settings
  }

  protected override init() {
    return ['http', 'https'].map((scheme) => {
      const patch = (module: Http) => {
        this._wrap(module.Server.prototype, 'emit', (original) => this.serving(scheme, original))
        return module
      }
      const unpatch = (module: Http | undefined) => {
        if (module !== undefined) this._unwrap(module.Server.prototype, 'emit')
      }
      return new InstrumentationNodeModuleDefinition(scheme, ['*'], patch, unpatch)
    })
  }

  private serving(scheme: string, original: Emit): Emit {
    const integration = this
    return function emitOfServer(event, ...args) {
      if (event !== 'request') return original.call(this, event, ...args)
      const [request, response] = args as [IncomingMessage, ServerResponse]
      const served = integration.begin(request, response, scheme)
      if (served === undefined) return original.call(this, event, ...args)
      let isDone = false
      try {
        const result = context.with(served.context, emitOn, undefined, original, this, event, args)
        isDone = true
        return result
      } finally {
        if (!isDone) noteThatThrew(served.state)
      }
    }
  }

  /** Undefined where this is a request that we cannot follow: one made by hand, of something that is not quite Node's. */
  private begin(request: IncomingMessage, response: ServerResponse, scheme: string): Served | undefined {
    try {
      // Made with the first request, when all providers are there.
      this.#requests ??= this.makeRequests()
      const served = this.#requests.begin(request, response, scheme)
      emitIn(served.context, request)
      emitIn(served.context, response, (event, error) => {
        if (event === 'close') this.end(served)
        else if (event === 'error') this.end(served, error)
      })
      if (served.traceHeader !== undefined) tellTrace(response, ...served.traceHeader)
      return served
    } catch (error) {
      diag.error('A request is not followed:', error)
      return undefined
    }
  }

  private end(served: Served, error?: unknown): void {
    try {
      this.#requests?.end(served, error)
    } catch (trouble) {
      diag.error('The end of a request is not recorded:', trouble)
    }
  }

  private makeRequests(): ServedRequests {
    const duration = this.meter.createHistogram('http.server.request.duration', {
      description: 'Duration of HTTP server requests.',
      unit: 's',
      valueType: ValueType.DOUBLE,
      advice: { explicitBucketBoundaries: durationBounds },
    })
    return new ServedRequests(this.tracer, duration, this.#settings)
  }
}

/** From here on the emitter's listeners run in the context, whoever added them and whoever emits. `look` sees each event before. */
function emitIn(inside: Context, emitter: EventEmitter, look?: (event: string | symbol, value: unknown) => void): void {
  const original = emitter.emit as Emit
  const isPlain = original === EventEmitter.prototype.emit
  emitter.emit = function emitInContext(this: EventEmitter, event: string | symbol, ...args: unknown[]) {
    look?.(event, args[0])
    if (isPlain && event !== 'error' && this.listenerCount(event) === 0) return false
    return context.with(inside, emitOn, undefined, original, this, event, args)
  }
}

function emitOn(emit: Emit, emitter: object, event: string | symbol, args: unknown[]): boolean {
  return emit.call(emitter, event, ...args)
}
