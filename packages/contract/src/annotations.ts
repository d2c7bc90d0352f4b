import { z } from 'zod'
import { cursor, page, serviceName, timestamp } from './common.ts'
import { timeInput, timeRange } from './time.ts'

const version = z.string().min(1).max(200)
const environment = z.string().max(200)

/** `POST /annotations`: says that a version of a service went out. */
export const annotationBody = z.strictObject({
  kind: z.literal('deployment').default('deployment'),
  service: serviceName,
  version: version.describe('The `service.version` that its telemetry carries'),
  environment: environment.default('').describe('`production`, `staging`; empty when there is only one'),
  time: timeInput.default('now'),
  commit: z.string().min(1).max(200).optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .max(2000)
    .optional()
    .describe('Where a person reads more: the release, the pipeline'),
})
export type AnnotationBody = z.infer<typeof annotationBody>

/** What is marked on charts at one moment. */
export const annotation = z.object({
  id: z.string().nullable().describe('null for what was seen, not recorded'),
  kind: z.literal('deployment'),
  service: z.string(),
  version: z.string(),
  environment: z.string().describe('Empty when unknown'),
  time: timestamp,
  commit: z.string().nullable(),
  url: z.string().nullable(),
  source: z
    .enum(['recorded', 'seen'])
    .describe('recorded: by POST; seen: telemetry with a new `service.version` of a known service came in'),
})
export type Annotation = z.infer<typeof annotation>

/** `GET /annotations`, newest first. */
export const annotationsQuery = z.strictObject({
  ...timeRange,
  service: serviceName.optional(),
  environment: environment.min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: cursor.optional(),
})
export const annotationsResponse = page(annotation)
export type AnnotationsResponse = z.infer<typeof annotationsResponse>

/** `DELETE /annotations/:id` */
export const annotationParams = z.object({ id: z.uuid() })
