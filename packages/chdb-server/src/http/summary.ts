import { noStatistics } from '../engine/connection.ts'
import type { Statistics } from '../engine/library.ts'

/** Adds up what the library counts, and writes it as X-ClickHouse-Summary has it: whole numbers as strings. */
export class Summary {
  readonly #started = process.hrtime.bigint()
  readonly #total: Statistics = { ...noStatistics }

  add(statistics: Statistics): void {
    for (const name of Object.keys(this.#total) as (keyof Statistics)[]) this.#total[name] += statistics[name]
  }

  toString(): string {
    const total = this.#total
    return JSON.stringify({
      read_rows: String(total.readRows),
      read_bytes: String(total.readBytes),
      written_rows: String(total.writtenRows),
      written_bytes: String(total.writtenBytes),
      total_rows_to_read: '0',
      result_rows: String(total.resultRows),
      result_bytes: String(total.resultBytes),
      elapsed_ns: String(process.hrtime.bigint() - this.#started),
    })
  }
}
