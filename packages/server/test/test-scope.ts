import { defaultRetention, type Scope } from '../src/querying/context/query-context.ts'
import type { ClickhouseReader } from '../src/storage/clickhouse/reader.ts'

/** Who asks in a test: the tenant of a fresh installation, unless told otherwise. */
export function testScope(reader: ClickhouseReader, more: Partial<Scope> = {}): Scope {
  return { reader, retention: defaultRetention, space: 'default', signal: new AbortController().signal, ...more }
}
