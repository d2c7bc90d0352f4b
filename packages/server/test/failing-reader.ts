import type { ClickhouseReader } from '../src/storage/clickhouse/reader.ts'

/** Fails whatever it is asked, for apps whose tests ask ClickHouse nothing. */
export function failingReader(message = 'The test asks ClickHouse nothing.'): ClickhouseReader {
  const fail = async () => {
    throw new Error(message)
  }
  return { query: fail, table: fail, lines: fail }
}
