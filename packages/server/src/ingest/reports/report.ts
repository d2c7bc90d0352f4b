import { hostname } from 'node:os'
import { ingestResponse } from '@burstlet/contract/ingest'
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
  })
export type IngestReport = z.infer<typeof ingestReport>

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

/** How it is with this process at this moment. */
export async function reportOn(
  { counters, spool }: Pick<Receiver, 'counters' | 'spool'>,
  takesOtlp: boolean,
): Promise<IngestReport> {
  const { since, minutes, ...counts } = counters.snapshot()
  const { depth, inserts, ...state } = spool.status()
  return {
    host: hostname(),
    takesOtlp,
    since: iso(since),
    ...counts,
    minutes: minutes.map(({ start, ...minute }) => ({ timestamp: iso(start), ...minute })),
    spool: { ...state, ...depth },
    inserts,
    refusedSegments: (await spool.refused.list()).length,
  }
}
