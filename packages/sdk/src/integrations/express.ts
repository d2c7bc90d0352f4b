import { context } from '@opentelemetry/api'
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express'
import { requestOf } from '../requests/request-state.ts'

type Next = (error?: unknown) => unknown
type Handle = (this: unknown, request: object, response: unknown, next: Next) => unknown
interface Layer {
  handle: Handle
}
interface Router {
  stack: Layer[]
}
type Use = (this: Router, ...args: unknown[]) => unknown

const leftOut: ExpressLayerType[] = [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER]

/** Where OpenTelemetry's instrumentation keeps, on the request, the paths that lead to a route. */
const paths = '__ot_middlewares'
interface WithPaths {
  [paths]?: string[]
}

/**
 * OpenTelemetry's instrumentation of Express 4 and 5, with the path of whatever is mounted kept. It keeps those of routers only, and
 * of the last of several, so applications mounted in others (`app.use('/ui', other)`) lost theirs; and it never takes a router's path
 * back when that had no route for the request. A span for each middleware says little and costs as much, so there is none.
 */
export class ExpressIntegration extends ExpressInstrumentation {
  constructor() {
    super({ ignoreLayersType: leftOut })
  }
}

// Private there, and called by its constructor; `app.use` leads to the router's.
Object.assign(ExpressIntegration.prototype, {
  _getRouterUsePatch: () => useKeepingPaths,
  _getAppUsePatch: () => (original: Use) => original,
})

function useKeepingPaths(original: Use): Use {
  return function use(this: Router, ...args) {
    const before = this.stack.length
    const result = original.apply(this, args)
    const path = pathOf(args[0])
    if (path !== undefined) for (const layer of this.stack.slice(before)) keepPath(layer, path)
    return result
  }
}

/** Undefined for what is mounted everywhere. */
function pathOf(mountedAt: unknown): string | undefined {
  if (Array.isArray(mountedAt)) {
    const paths = mountedAt.flatMap((path) => pathOf(path) ?? [])
    return paths.length === 0 ? undefined : paths.join(',')
  }
  if (typeof mountedAt === 'string') return mountedAt === '/' || mountedAt === '' ? undefined : mountedAt
  return mountedAt instanceof RegExp ? mountedAt.toString() : undefined
}

function keepPath(layer: Layer, path: string): void {
  // Handlers of errors, which are known by their four parameters.
  if (layer.handle.length > 3) return
  // A proxy has the name, the length and the stack of what it stands for.
  layer.handle = new Proxy(layer.handle, {
    apply(handle, that, [request, response, next, ...rest]: [WithPaths, unknown, Next, ...unknown[]]) {
      const paths = pathsOf(request)
      const depth = paths.length
      const served = requestOf(context.active())
      const routeBefore = served?.route
      paths.push(path)
      // For what answers by itself, files for instance; a route in it says more.
      if (served !== undefined) served.route = paths.join('').replaceAll(/\/{2,}/g, '/')
      const leave: Next = (...outcome) => {
        paths.length = depth
        // After an error the route that failed is the request's.
        const isError = outcome[0] !== undefined && outcome[0] !== null && outcome[0] !== 'router'
        if (served !== undefined && !isError) served.route = routeBefore
        return next(...outcome)
      }
      return Reflect.apply(handle, that, [request, response, leave, ...rest])
    },
  })
}

function pathsOf(request: WithPaths): string[] {
  if (!Array.isArray(request[paths])) Object.defineProperty(request, paths, { enumerable: false, value: [] })
  return request[paths] ?? []
}
