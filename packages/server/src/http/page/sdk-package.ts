import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import sdk from '../../../../sdk/package.json' with { type: 'json' }
import { ApiError } from '../errors/api-error.ts'

const file = `burstlet-monitoring-${sdk.version}.tgz`

/** Where the SDK is handed out, under the API's address. */
export const sdkPath = `/sdk/${file}`

/** Where `scripts/pack-sdk.ts` writes the tarball. */
const packed = join(import.meta.dirname, '../../../../../dist', file)

/**
 * Hands out the SDK's tarball: `npm install http://127.0.0.1:3300/sdk/burstlet-monitoring-0.4.0.tgz` works wherever this
 * server is reached, without a key and under any of its names.
 */
export async function sdkPackage(app: FastifyInstance): Promise<void> {
  app.get(sdkPath, { config: { public: true, anyHost: true }, schema: { hide: true } }, async (_, reply) => {
    if (!existsSync(packed)) {
      throw new ApiError('NOT_FOUND', 'The SDK is not packed; `npm start` packs it, and so does `npm run pack:sdk`.')
    }
    return reply.type('application/gzip').header('cache-control', 'no-cache').send(createReadStream(packed))
  })
}
