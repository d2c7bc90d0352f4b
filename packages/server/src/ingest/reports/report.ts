import { hostname } from 'node:os'
import { deadLetter, ingestResponse } from '@burstlet/contract/ingest'
import { z } from 'zod'
import type { Receiver } from '../receiver.ts'
import { lettersFor } from '../spool/dead-letters.ts'

/** What came in for one space, and what ClickHouse refused of it. */
const spaceReport = ingestResponse
  .pick({ totals: true, rejections: true, refusals: true, minutes: true, refusedSegments: true })
  .extend({
    /** Rows that ClickHouse refused, oldest first; of `refusedSegments`, the first ones. */
    deadLetters: z.array(deadLetter),
  })
export type SpaceReport = z.infer<typeof spaceReport>

/** What one process says of what it took in and of its spool: a part of `GET /ingest`, for the processes that answer that. */
export const ingestReport = ingestResponse.pick({ since: true, spool: true, inserts: true }).extend({
  host: z.string(),
  /** Whether it takes OTLP; others store only what they write themselves. */
  takesOtlp: z.boolean(),
  spaces: z.array(z.object({ name: z.string(), report: spaceReport })),
  /** Of a space that is not among them. */
  elsewhere: spaceReport,
})
export type IngestReport = z.infer<typeof ingestReport>

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

/** More are not told of before some of these are gone. */
const maxDeadLetters = 100
/** Of more spaces a process does not tell. */
const maxSpaces = 1000

/** How it is with this process at this moment. */
export async function reportOn(
  { counters, spool }: Pick<Receiver, 'counters' | 'spool'>,
  takesOtlp: boolean,
): Promise<IngestReport> {
  const { depth, inserts, ...state } = spool.status()
  const letters = await spool.refused.all()
  const names = new Set([...counters.spaces(), ...letters.flatMap((letter) => letter.spaces)])
  const reportFor = (name: string): SpaceReport => {
    const { since: _, minutes, ...counts } = counters.snapshot(name)
    const refused = lettersFor(name, letters)
    return {
      ...counts,
      minutes: minutes.map(({ start, ...minute }) => ({ timestamp: iso(start), ...minute })),
      refusedSegments: refused.length,
      deadLetters: refused.slice(0, maxDeadLetters).map(({ id, table, rows, bytes, refusedAt, error }) => {
        return { id, table, rows, bytes, refusedAt: iso(refusedAt), error }
      }),
    }
  }
  return {
    host: hostname(),
    takesOtlp,
    since: iso(counters.since),
    spool: { ...state, ...depth },
    inserts,
    spaces: [...names].slice(0, maxSpaces).map((name) => ({ name, report: reportFor(name) })),
    elsewhere: reportFor(''),
  }
}
