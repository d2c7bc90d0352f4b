import { randomUUID } from 'node:crypto'
import type { ExportRequest, ExportResult } from '../../ingest/bodies/export-request.ts'

/** Takes what the server itself has to store, on the way that everything takes. */
export interface Intake {
  receive(delivery: ExportRequest): Promise<ExportResult>
}

export type TagValue = string | number | boolean

/** A metric of OTLP/JSON with one point. */
export type OtlpMetric = Readonly<Record<string, unknown>> & { readonly name: string }

export function attributesOf(tags: Readonly<Record<string, TagValue>>) {
  return Object.entries(tags).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: TagValue) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

/** A whole number stays one. */
export function numberValue(value: number) {
  return Number.isSafeInteger(value) ? { asInt: String(value) } : { asDouble: value }
}

/**
 * Stores metrics of some resources, as if a client had sent them: they are on disk when this returns.
 * @param space the tenant that they belong to
 * @param scope name of the instrumentation scope
 */
export function store(
  intake: Intake,
  space: string,
  scope: string,
  resources: readonly {
    readonly attributes: Readonly<Record<string, TagValue>>
    readonly metrics: readonly OtlpMetric[]
  }[],
): Promise<ExportResult> {
  const request = {
    resourceMetrics: resources.map(({ attributes, metrics }) => ({
      resource: { attributes: attributesOf(attributes) },
      scopeMetrics: [{ scope: { name: scope }, metrics }],
    })),
    // No field of OTLP: the same values sent twice are two requests, not one that was repeated.
    requestId: randomUUID(),
  }
  return intake.receive({
    signal: 'metrics',
    encoding: 'json',
    compression: 'identity',
    body: Buffer.from(JSON.stringify(request)),
    space,
    key: 'api',
  })
}
