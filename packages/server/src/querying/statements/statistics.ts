import type { ClickhouseReader, ReadQuery } from '../../storage/clickhouse/reader.ts'

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
  const counted = async <Answer>(q: ReadQuery, ask: (q: ReadQuery) => Promise<Answer>): Promise<Answer> => {
    const sent: Sent = { sql: q.sql.trim(), params: q.params ?? {}, rowsRead: 0, bytesRead: 0, durationMs: 0 }
    const started = performance.now()
    const answer = await ask({
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
    return answer
  }
  return {
    query: <Row>(q: ReadQuery) => counted<Row[]>(q, (asked) => reader.query<Row>(asked)),
    table: (q) => counted(q, (asked) => reader.table(asked)),
    lines: (q) => counted(q, (asked) => reader.lines(asked)),
  }
}
