import { z } from 'zod'
import { serviceName } from './common.ts'
import { applicationItem, systemItem } from './metrics.ts'
import { timeInput } from './time.ts'

const value = z.number()
const tagValue = z.union([z.string().max(4096), z.number(), z.boolean()])
const common = {
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_./-]{0,254}$/, 'must begin with a letter and have letters, digits and _ . - / only'),
  unit: z.string().max(63).default('').describe('UCUM, such as ms, By or {upload}'),
  description: z.string().max(1024).default(''),
  tags: z.record(z.string().min(1).max(255), tagValue).default({}),
  service: serviceName.default('unknown_service'),
  timestamp: timeInput.optional().describe('Now unless given'),
}
const values = z.union([value, z.array(value).min(1).max(10_000)])

/** One value of one metric. A counter is what was added, a histogram and a summary are what was measured. */
export const customMetric = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('counter'), value: value.min(0, 'a counter only grows') }),
  z.strictObject({ ...common, type: z.literal('gauge'), value }),
  z.strictObject({ ...common, type: z.literal('histogram'), value: values }),
  z.strictObject({ ...common, type: z.literal('summary'), value: values }),
])
export type CustomMetric = z.infer<typeof customMetric>

/** `POST /metrics/custom`: one or many. Each is looked at by itself, so that one that is wrong costs no other. */
export const customMetricsBody = z
  .union([z.looseObject({}), z.array(z.unknown()).min(1).max(10_000)])
  .meta(z.toJSONSchema(z.union([customMetric, z.array(customMetric).min(1).max(10_000)]), { io: 'input' }))
export const customMetricsResponse = z.object({
  accepted: z.number().int(),
  rejected: z.array(z.object({ index: z.number().int(), message: z.string() })),
})
export type CustomMetricsResponse = z.infer<typeof customMetricsResponse>

/** `POST /metrics/collect`: this host and this process now, and the requests of the last minute. */
export const collectedMetrics = z.object({ system: systemItem, application: applicationItem })
export type CollectedMetrics = z.infer<typeof collectedMetrics>
