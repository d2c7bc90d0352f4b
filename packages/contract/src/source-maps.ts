import { z } from 'zod'
import { serviceName, timestamp } from './common.ts'

const version = z.string().min(1).max(200)

/** Which release a source map belongs to: what `service.name` and `service.version` of its telemetry say. */
const release = { service: serviceName, version }

/** `PUT /source-maps`: the source map of one file of a release. Sent again, it takes the place of the one before. */
export const sourceMapQuery = z.strictObject({
  ...release,
  file: z
    .string()
    .min(1)
    .max(1000)
    .regex(/^[^\s?#\\]+$/, 'must be a path')
    .transform((path) => path.replace(/^[~./]*\//, ''))
    .pipe(z.string().min(1))
    .describe('Path of the script that was built: `assets/app.js`. Frames whose address ends with it are mapped.'),
})

/** A source map, version 3: https://tc39.es/ecma426/ */
export const sourceMapBody = z
  .looseObject({
    version: z.literal(3),
    sources: z.array(z.string().nullable()).optional(),
    sourcesContent: z.array(z.string().nullable()).nullish(),
    names: z.array(z.string()).optional(),
    mappings: z.string().optional(),
    sections: z.array(z.looseObject({})).optional(),
  })
  .refine(({ mappings, sources, sections }) => (mappings !== undefined && sources !== undefined) || sections, {
    message: 'must be a source map of version 3, with `sources` and `mappings`, or `sections`',
  })
  .meta({ anyOf: [{ required: ['sources', 'mappings'] }, { required: ['sections'] }] })
export type SourceMapBody = z.infer<typeof sourceMapBody>

export const sourceMap = z.object({
  ...release,
  file: z.string(),
  bytes: z.number().int().describe('As it is stored: compressed'),
  uploadedAt: timestamp,
})
export type SourceMap = z.infer<typeof sourceMap>

/** `GET /source-maps`: newest release first. */
export const sourceMapsQuery = z.strictObject({ service: serviceName.optional(), version: version.optional() })
export const sourceMapsResponse = z.object({ items: z.array(sourceMap).describe('1000 at most') })
export type SourceMapsResponse = z.infer<typeof sourceMapsResponse>

/** `DELETE /source-maps`: those of a release. */
export const releaseQuery = z.strictObject(release)
export const sourceMapsDeleted = z.object({ deleted: z.number().int() })
