import { z } from 'zod'

/** The OpenTelemetry severity ranges, lowest first; `unset` is severity number 0. */
export const levels = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export const level = z.enum(levels)
export type Level = (typeof levels)[number]

/** Severity number (0–24) -> level. */
export function levelOf(severityNumber: number): Level {
  if (severityNumber <= 0) return 'unset'
  return levels[Math.min(Math.floor((severityNumber - 1) / 4) + 1, levels.length - 1)]!
}

/** Level -> its range of severity numbers, both ends included. Numbers beyond the last range count as the last. */
export function severityRange(name: Level): [number, number] {
  const index = levels.indexOf(name)
  if (index === 0) return [0, 0]
  return [index * 4 - 3, index === levels.length - 1 ? 255 : index * 4]
}

/** `a,b` or `p=a&p=b` -> ['a', 'b']: a query string gives a string for one value and an array for several. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) =>
      value === undefined
        ? undefined
        : [value]
            .flat()
            .flatMap((part) => String(part).split(','))
            .map((part) => part.trim())
            .filter((part) => part !== ''),
    z.array(item).max(100),
  )
}

export const limit = z.coerce.number().int().min(1).max(1000).default(50)
export const cursor = z.string().min(1).max(500).describe('nextCursor of the answer before')
export const format = z.enum(['json', 'otlp']).default('json')

export const traceId = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/, 'must be 32 hex digits')
  .toLowerCase()
export const spanId = z
  .string()
  .regex(/^[0-9a-fA-F]{16}$/, 'must be 16 hex digits')
  .toLowerCase()

export const serviceName = z.string().min(1).max(1024)
export const filter = z
  .string()
  .min(1)
  .max(10_000)
  .describe(
    "A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not",
  )

/** Seconds between two points of a series. */
export const interval = z.coerce.number().int().min(1).max(86_400)

/** ISO 8601 with a `Z`. */
export const timestamp = z.string().meta({ format: 'date-time' })

/** [epoch ms, value]; null where there is no data. */
export const point = z.tuple([z.number(), z.number().nullable()])
export type Point = z.infer<typeof point>

/** Of OpenTelemetry: string, number, boolean, array, object; bytes as {"bytesValue": base64}; int64 beyond 2^53 as a decimal string. */
export const attributes = z.record(z.string(), z.unknown())
export type Attributes = z.infer<typeof attributes>

export const scope = z.object({ name: z.string(), version: z.string(), attributes })

/** Of answers that are made from what the scheduler computes: whether that has everything which has arrived. */
export const completeness = {
  complete: z
    .boolean()
    .describe(
      'false while telemetry that arrived late is still to be counted: calls and active users may be missing, or be too few',
    ),
  completeAt: timestamp
    .nullable()
    .describe(
      'When what is missing is expected to be counted; null when nothing is, or when it is too old to be counted',
    ),
} as const

/** The envelope of every list. `nextCursor` is null on the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
