import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors/api-error.ts'

/** The built page; `npm start` builds it. */
export const pageFolder = join(import.meta.dirname, '../../../web/dist')

export interface PageOptions {
  readonly folder?: string
  /** Where the page that is asked for may send telemetry of its own; undefined when it may not. */
  readonly telemetry?: (request: FastifyRequest) => Promise<string | undefined>
}

/**
 * Serves the page: its files carry their hash in the name and are kept for a year, `index.html` never is, and every path
 * of the page's own routes answers `index.html`.
 */
export async function page(app: FastifyInstance, options: PageOptions): Promise<void> {
  const { folder = pageFolder, telemetry = async () => undefined } = options
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain HTTP on loopback is how the product starts; a proxy that ends TLS sets this header.
    strictTransportSecurity: false,
  })
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/*', { config: { public: true }, schema: { hide: true } }, async () => {
      throw new ApiError('NOT_FOUND', 'The page is not built; `npm start` builds it.')
    })
    return
  }
  await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true })
  app.get('/*', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*']
    if (path.startsWith('api/')) throw new ApiError('NOT_FOUND', `There is no /${path.slice(0, 200)}.`)
    if (path.startsWith('assets/')) return reply.sendFile(path, { maxAge: '365d', immutable: true })
    if (/\.\w+$/.test(path) && existsSync(join(folder, path))) return reply.sendFile(path, { maxAge: '1h' })
    const html = await readFile(join(folder, 'index.html'), 'utf8')
    const address = await telemetry(request)
    const meta = address === undefined ? '' : `<meta name="page-telemetry" content="${address}" />`
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html.replace('</head>', `${meta}</head>`))
  })
}
