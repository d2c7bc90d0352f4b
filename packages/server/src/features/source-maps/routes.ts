import { createGunzip } from 'node:zlib'
import {
  releaseQuery,
  type SourceMapBody,
  sourceMap,
  sourceMapBody,
  sourceMapQuery,
  sourceMapsDeleted,
  sourceMapsQuery,
  sourceMapsResponse,
} from '@burstlet/contract/source-maps'
import type { FastifyInstance, preParsingAsyncHookHandler } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { spaceOf } from '../../querying/context/request-context.ts'
import type { SourceMaps } from './source-maps.ts'

/** Of one map, inflated. */
const maxBytes = 32 * 1024 * 1024
/** Of its mappings, which take twenty times as much once they are read: that of about 6 MB of minified script. */
const maxMappings = 8 * 1024 * 1024

const tags = ['releases']

/** Source maps by release, for the stacks of built scripts. */
export async function sourceMapsRoutes(
  instance: FastifyInstance,
  { sourceMaps }: { sourceMaps: SourceMaps },
): Promise<void> {
  const { store } = sourceMaps
  const app = zodRoutes(instance)

  app.put(
    '/source-maps',
    {
      config: { scope: 'write' },
      bodyLimit: maxBytes,
      preParsing: inflateBody,
      schema: {
        operationId: 'uploadSourceMap',
        tags,
        summary: 'Upload the source map of a script of a release',
        description:
          'Stacks of this service and version are shown in the places of the sources from then on. `Content-Encoding: gzip` is taken; 32 MiB at most when inflated.',
        querystring: sourceMapQuery,
        body: sourceMapBody,
        response: { 200: sourceMap },
      },
    },
    async (request) => {
      const { file, ...release } = request.query
      if (mappingsOf(request.body) > maxMappings) {
        throw new ApiError('PAYLOAD_TOO_LARGE', `The mappings are longer than ${maxMappings} bytes.`)
      }
      const of = { space: spaceOf(request), ...release }
      const stored = await store.put(of, file, request.body)
      sourceMaps.changed(of)
      return stored
    },
  )

  app.get(
    '/source-maps',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listSourceMaps',
        tags,
        summary: 'Source maps that were uploaded, newest first',
        querystring: sourceMapsQuery,
        response: { 200: sourceMapsResponse },
      },
    },
    async (request) => ({ items: await store.list(spaceOf(request), request.query) }),
  )

  app.delete(
    '/source-maps',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'deleteSourceMaps',
        tags,
        summary: 'Delete the source maps of a release',
        querystring: releaseQuery,
        response: { 200: sourceMapsDeleted },
      },
    },
    async (request) => {
      const release = { space: spaceOf(request), ...request.query }
      const deleted = await store.delete(release)
      sourceMaps.changed(release)
      return { deleted }
    },
  )
}

/** The body's limit holds for what comes out, so a small body that inflates without end is cut off. */
const inflateBody: preParsingAsyncHookHandler = async (request, _reply, payload) => {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return payload
  if (encoding !== 'gzip') throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding is gzip or none.')
  let received = 0
  payload.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  return Object.defineProperty(payload.pipe(createGunzip()), 'receivedEncodedLength', { get: () => received })
}

function mappingsOf({ mappings = '', sections = [] }: SourceMapBody): number {
  return sections.reduce((sum, { map }) => sum + lengthOf(map), mappings.length)
}

function lengthOf(map: unknown): number {
  return typeof map === 'object' && map !== null && 'mappings' in map && typeof map.mappings === 'string'
    ? map.mappings.length
    : 0
}
