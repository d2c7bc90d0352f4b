import { hostname } from 'node:os'
import { deadLetter, ingestResponse } from '@burstlet/contract/ingest'
import { z } from 'zod'
import type { Receiver } from '../receiver.ts'

/** What one process says of what it took in and of its spool: a part of `GET /ingest`, for the processes that answer that. */
export const ingestReport = ingestResponse
  .pick({
    since: true,
    totals: true,
    rejections: true,
    refusals: true,
    minutes: true,
    spool: true,
    inserts: true,
    refusedSegments: true,
  })
  .extend({
    host: z.string(),
    /** Whether it takes OTLP; others store only what they write themselves. */
    takesOtlp: z.boolean(),
    /** Rows that ClickHouse refused, oldest first; of `refusedSegments`, the first ones. */
    deadLetters: z.array(deadLetter),
  })
export type IngestReport = z.infer<typeof ingestReport>

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

/** More are not told of before some of these are gone. */
const maxDeadLetters = 100

/** How it is with this process at this moment. */
export async function reportOn(
  { counters, spool }: Pick<Receiver, 'counters' | 'spool'>,
  takesOtlp: boolean,
): Promise<IngestReport> {
  const { since, minutes, ...counts } = counters.snapshot()
  const { depth, inserts, ...state } = spool.status()
  const refused = await spool.refused.list()
  return {
    host: hostname(),
    takesOtlp,
    since: iso(since),
    ...counts,
    minutes: minutes.map(({ start, ...minute }) => ({ timestamp: iso(start), ...minute })),
    spool: { ...state, ...depth },
    inserts,
    refusedSegments: refused.length,
    deadLetters: refused.slice(0, maxDeadLetters).map((each) => ({ ...each, refusedAt: iso(each.refusedAt) })),
  }
}
