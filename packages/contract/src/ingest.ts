import { z } from 'zod'
import { timestamp } from './common.ts'

export const signal = z.enum(['traces', 'metrics', 'logs'])

const count = z.number().int()

/** What came in over one key for one signal since the server started. */
export const ingestTotals = z.object({
  key: z.string().describe('Name of the ingest key; none where no key is asked for'),
  signal,
  requests: count,
  repeated: count.describe('Requests that brought a body again; nothing of them was stored twice'),
  bytes: count.describe('Of bodies, as they were sent'),
  accepted: count.describe('Spans, log records or data points'),
  rejected: count.describe('Items left out; see rejections'),
})
export type IngestTotals = z.infer<typeof ingestTotals>

/** A process that stores telemetry, by what it said of itself last. */
export const ingestProcess = z.object({
  id: z.string().describe('Of its spool; it stays the same when the process starts again'),
  host: z.string(),
  takesOtlp: z.boolean().describe('Others store only what they write themselves, and custom metrics'),
  since: timestamp.describe('Its start'),
  reportedSecondsAgo: z.number().describe('0 for the process that answers'),
  stale: z.boolean().describe('It has not reported for some time; figures above are without it'),
  refusal: z.string().nullable().describe('Why it takes nothing, and when that ends'),
  spoolBytes: count.describe('On its disk and not in ClickHouse yet'),
  refusedSegments: count,
})
export type IngestProcess = z.infer<typeof ingestProcess>

/** `GET /ingest`: figures are of all processes that report, and add up. */
export const ingestResponse = z.object({
  timestamp,
  since: timestamp.describe('Start of the server, the earliest one of several processes; totals count from here'),
  processes: z.array(ingestProcess).describe('The one that answers first, then those that reported last'),
  totals: z.array(ingestTotals),
  rejections: z.array(
    z.object({ signal, reason: z.string(), count, first: z.string().describe('The first such item') }),
  ),
  refusals: z
    .array(z.object({ status: count.describe('HTTP status'), count }))
    .describe('Requests of which nothing was taken'),
  minutes: z
    .array(
      z.object({
        timestamp: timestamp.describe('Start of the minute'),
        accepted: z.object({ traces: count, metrics: count, logs: count }),
        rejected: count,
        bytes: count,
      }),
    )
    .describe('The last hour, oldest first'),
  spool: z.object({
    accepting: z.boolean(),
    refusal: z.string().nullable().describe('Why nothing is taken, and when that ends; null while requests are taken'),
    bytes: count.describe('On disk and not in ClickHouse yet'),
    capBytes: count.describe('At so many, nothing more is taken'),
    segments: count,
    rows: count,
    oldestSeconds: z.number().nullable().describe('Age of the oldest segment that waits'),
  }),
  inserts: z.object({
    segments: count.describe('Since the server started'),
    rows: count,
    lastSeconds: z.number().nullable(),
    p50Seconds: z.number().nullable().describe('Of the last 1,000 inserts'),
    p99Seconds: z.number().nullable(),
    lastError: z.string().nullable().describe('Of an insert that is still being tried'),
  }),
  refusedSegments: count,
  storage: z.object({
    disks: z
      .array(
        z.object({
          holds: z.array(z.enum(['spool', 'tables'])),
          freeBytes: count,
          totalBytes: count,
          minFreeBytes: count.describe('With less free space nothing is taken in'),
          engineMinFreeBytes: count.describe('With less, the embedded engine inserts and merges nothing'),
        }),
      )
      .describe('Of this machine'),
    brokenParts: z
      .array(z.object({ table: z.string(), name: z.string(), reason: z.string(), bytes: count }))
      .nullable()
      .describe('Parts that ClickHouse put aside as damaged; their rows are missing. Null while it cannot be asked'),
  }),
})
export type IngestResponse = z.infer<typeof ingestResponse>

/** Rows that ClickHouse did not take, or whose bytes were damaged on disk. */
export const deadLetter = z.object({
  id: z.string().describe('Of the process that has them, and of the segment in its spool'),
  table: z.string(),
  rows: count,
  bytes: count,
  refusedAt: timestamp,
  error: z.string(),
})
export const refusedSegments = z.object({ items: z.array(deadLetter) })
export type DeadLetters = z.infer<typeof refusedSegments>

export const deadLetterParams = z.strictObject({ id: z.string().min(1).max(200) })
export const deadLetterDone = z.object({ id: z.string() })
