import { defaultRetention } from '../src/config/settings/retention.ts'
import type { QueryContext } from '../src/querying/context/query-context.ts'
import type { ClickhouseReader } from '../src/storage/clickhouse/reader.ts'

/** Who asks in a test: the tenant of a fresh installation, unless told otherwise. */
export function testContext(reader: ClickhouseReader, more: Partial<QueryContext> = {}): QueryContext {
  return { reader, retention: defaultRetention, space: 'default', signal: new AbortController().signal, ...more }
}
