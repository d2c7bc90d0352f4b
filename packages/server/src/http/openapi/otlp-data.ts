import { z } from 'zod'

// What `format=otlp` answers, down to its first member: OpenTelemetry's own schema is the reference for the rest.
export const tracesData = z
  .object({ resourceSpans: z.array(z.unknown()) })
  .describe('With format=otlp: TracesData in OTLP/JSON')
export const logsData = z
  .object({ resourceLogs: z.array(z.unknown()) })
  .describe('With format=otlp: LogsData in OTLP/JSON; the header X-Next-Cursor has the cursor of the next page')
export const metricsData = z
  .object({ resourceMetrics: z.array(z.unknown()) })
  .describe('With format=otlp: MetricsData in OTLP/JSON')
