import type { ClickhouseReader, ReadQuery } from '../clickhouse/reader.ts'

/** What some statements read together. */
export interface Statistics {
  rowsRead: number
  bytesRead: number
}

/** One statement as it was sent, and what it read. */
export interface Sent extends Statistics {
  readonly sql: string
  readonly params: Record<string, unknown>
  durationMs: number
}

/** A reader that adds up what its statements read, and tells each to `onSent`. */
export function countingReader(
  reader: ClickhouseReader,
  total: Statistics,
  onSent?: (sent: Sent) => void,
): ClickhouseReader {
  return {
    async query<Row>(q: ReadQuery): Promise<Row[]> {
      const sent: Sent = { sql: q.sql.trim(), params: q.params ?? {}, rowsRead: 0, bytesRead: 0, durationMs: 0 }
      const started = performance.now()
      const rows = await reader.query<Row>({
        ...q,
        onRead(read) {
          sent.rowsRead += read.rowsRead
          sent.bytesRead += read.bytesRead
          q.onRead?.(read)
        },
      })
      sent.durationMs = performance.now() - started
      total.rowsRead += sent.rowsRead
      total.bytesRead += sent.bytesRead
      onSent?.(sent)
      return rows
    },
  }
}
