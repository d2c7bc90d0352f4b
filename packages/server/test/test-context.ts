import { defaultRetention } from '../src/config/settings/retention.ts'
import type { QueryContext } from '../src/querying/context/query-context.ts'
import { type ClickhouseReader, readerOf } from '../src/storage/clickhouse/reader.ts'

/** Who asks in a test: the tenant of a fresh installation, unless told otherwise. */
export function testContext(reader: ClickhouseReader, more: Partial<QueryContext> = {}): QueryContext {
  const space = more.space ?? 'default'
  const signal = new AbortController().signal
  return { reader: readerOf(reader, space), retention: defaultRetention, space, signal, ...more }
}
