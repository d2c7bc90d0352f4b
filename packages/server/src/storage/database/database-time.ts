import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'

/** The time by the clock of the database, epoch ms: what several processes compare times by. */
export function databaseTime(database: Pick<Kysely<unknown>, 'getExecutor'>): RawBuilder<number | string> {
  return database.getExecutor().adapter instanceof PostgresAdapter
    ? sql`CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`
    : sql`CAST(unixepoch('subsec') * 1000 AS integer)`
}
