import { z } from 'zod'

/** `POST /sql`: one SELECT over the tables of telemetry. */
export const sqlBody = z.strictObject({
  query: z.string().min(1).max(100_000).describe('One SELECT; no SETTINGS, FORMAT or INTO; functions of an allow-list'),
  limit: z.int().min(1).max(10_000).default(1000).describe('Rows that are answered at most'),
})
export type SqlBody = z.infer<typeof sqlBody>

export const sqlResponse = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string().describe('Of ClickHouse') })),
  rows: z.array(z.array(z.unknown())).describe('Integers of 64 bits, NaN and infinities as strings'),
  truncated: z.boolean().describe('There are more rows than limit'),
  meta: z.object({ rowsRead: z.number(), bytesRead: z.number(), durationMs: z.number() }),
})
export type SqlResponse = z.infer<typeof sqlResponse>
