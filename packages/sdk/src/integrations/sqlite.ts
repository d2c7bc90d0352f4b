import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions'
import { asError } from '../errors/as-error.ts'
import { sdkVersion } from '../runtime/version.ts'
import { withoutLiterals } from '../statements/sql.ts'
import { summarizeSql } from '../statements/summary.ts'

type Method = (this: object, ...args: unknown[]) => unknown
interface Sqlite {
  DatabaseSync: { prototype: object }
  StatementSync: { prototype: object }
}

/** Statement methods that run the statement before they return. `iterate` runs later, row by row, and is left alone. */
const statementMethods = ['run', 'get', 'all'] as const

/**
 * Makes a client span of each statement that `node:sqlite` runs inside a trace.
 * OpenTelemetry has no instrumentation for it. Statements outside a trace make no span: start-up and polling would drown the rest.
 */
export class SqliteIntegration extends InstrumentationBase {
  constructor() {
    super('@burstlet/monitoring/sqlite', sdkVersion, {})
  }

  protected override init() {
    const patch = (sqlite: Sqlite) => {
      this.patchDatabase(sqlite.DatabaseSync.prototype)
      for (const name of statementMethods) this.patchStatement(sqlite.StatementSync.prototype, name)
      return sqlite
    }
    return new InstrumentationNodeModuleDefinition('node:sqlite', ['*'], patch)
  }

  private patchDatabase(prototype: object): void {
    patchOnce(prototype, 'exec', (original) => {
      const traced = this.traced.bind(this)
      return function exec(this: object, ...args: unknown[]) {
        return traced(String(args[0]), () => original.apply(this, args))
      }
    })
  }

  private patchStatement(prototype: object, name: string): void {
    patchOnce(prototype, name, (original) => {
      const traced = this.traced.bind(this)
      return function statement(this: object, ...args: unknown[]) {
        const { sourceSQL } = this as { sourceSQL: string }
        return traced(sourceSQL, () => original.apply(this, args))
      }
    })
  }

  private traced(sql: string, run: () => unknown): unknown {
    if (!this.isEnabled() || trace.getActiveSpan() === undefined) return run()
    const text = withoutLiterals(sql, 'sqlite')
    const { operation, collection } = summarizeSql(text)
    const span = this.tracer.startSpan(collection === undefined ? operation : `${operation} ${collection}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        [ATTR_DB_SYSTEM_NAME]: 'sqlite',
        [ATTR_DB_NAMESPACE]: 'main',
        [ATTR_DB_OPERATION_NAME]: operation,
        [ATTR_DB_QUERY_TEXT]: text,
        ...(collection === undefined ? {} : { [ATTR_DB_COLLECTION_NAME]: collection }),
      },
    })
    try {
      return run()
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  }
}

const patched = Symbol.for('burstlet.monitoring.sqlite')

/** The same prototype is seen once by `import` and once by `require`. */
function patchOnce(prototype: object, name: string, wrap: (original: Method) => Method): void {
  const original = (prototype as Record<string, Method & { [patched]?: true }>)[name]
  if (original === undefined || original[patched] === true) return
  const wrapped = Object.assign(wrap(original), { [patched]: true })
  Object.defineProperty(prototype, name, { value: wrapped, writable: true, configurable: true })
}

function fail(span: Span, error: unknown): void {
  const cause = asError(error)
  span.recordException(cause)
  span.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
}
