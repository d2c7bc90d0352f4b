import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ClickHouseSettings } from '@clickhouse/client'
import type { ClickhouseConnection } from '../../storage/clickhouse/connection.ts'
import type { Piece } from './layout.ts'

/** Rows in a file below the spool's folder, on their way into a table. */
export interface InsertSource {
  readonly table: string
  /** Below the spool's folder. */
  readonly file: string
  readonly bytes: number
  readonly damages: readonly Piece[]
  /** The same for every try, so that the engine and its views know what they have already. */
  readonly token: string
}

/** Inserts one file. The embedded engine reads it by itself; another one is sent its bytes, compressed. */
export async function insertFile(connection: ClickhouseConnection, root: string, source: InsertSource): Promise<void> {
  const { endpoint, writer } = connection
  const byItself = endpoint.readsLocalFiles && source.damages.length === 0
  const { stream } = await writer.exec({
    query: `INSERT INTO ${source.table} FORMAT Native`,
    ...(!byItself && { values: Readable.from(soundBytes(join(root, source.file), source)) }),
    clickhouse_settings: {
      insert_deduplication_token: source.token,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      async_insert: 0,
      // A column that the table does not know is an error, not something to leave out.
      input_format_skip_unknown_fields: 0,
      // Not a setting of ClickHouse: a parameter of the embedded engine, which the client has no other place for.
      ...(byItself && ({ local_file: source.file } as ClickHouseSettings)),
    },
  })
  // The answer's body is empty; reading it to its end frees the socket.
  await stream.resume().toArray()
}

async function* soundBytes(path: string, { bytes, damages }: InsertSource): AsyncGenerator<Buffer> {
  let start = 0
  for (const damage of [...damages, { start: bytes, end: bytes }]) {
    if (damage.start > start)
      yield* createReadStream(path, { start, end: damage.start - 1, highWaterMark: 1024 * 1024 })
    start = damage.end
  }
}
