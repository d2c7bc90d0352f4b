import { existsSync, readdirSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors/api-error.ts'

/** The built page; `npm start` builds it. */
export const pageFolder = join(import.meta.dirname, '../../../../web/dist')

export interface PageOptions {
  readonly folder?: string
  /** Where the page that is asked for may send telemetry of its own; undefined when it may not. */
  readonly telemetry?: (request: FastifyRequest) => Promise<string | undefined>
}

/**
 * Serves the page: its files carry their hash in the name and are kept for a year, `index.html` never is, and every path
 * of the page's own routes answers `index.html`. A path is looked up among the files that the build made; no other file is ever
 * looked for, so that an answer tells nothing of what else there is.
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
  const files = new PageFiles(folder)
  app.get('/*', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*']
    if (path.startsWith('api/')) throw new ApiError('NOT_FOUND', `There is no /${path.slice(0, 200)}.`)
    if (path !== 'index.html' && files.has(path)) {
      return reply.sendFile(path, path.startsWith('assets/') ? { maxAge: '365d', immutable: true } : { maxAge: '1h' })
    }
    if (path.startsWith('assets/')) throw new ApiError('NOT_FOUND', 'There is no such file.')
    const html = await files.index()
    const address = await telemetry(request)
    const meta = address === undefined ? '' : `<meta name="page-telemetry" content="${address}" />`
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html.replace('</head>', `${meta}</head>`))
  })
}

/** The files of a build, by their path below its folder; listed anew when there is another build. */
class PageFiles {
  readonly #folder: string
  #builtAt = 0
  #paths: ReadonlySet<string> = new Set()

  constructor(folder: string) {
    this.#folder = folder
    this.#list()
  }

  has(path: string): boolean {
    return this.#paths.has(path)
  }

  async index(): Promise<string> {
    const path = join(this.#folder, 'index.html')
    const { mtimeMs } = await stat(path)
    if (mtimeMs !== this.#builtAt) this.#list()
    this.#builtAt = mtimeMs
    return readFile(path, 'utf8')
  }

  #list(): void {
    const entries = readdirSync(this.#folder, { recursive: true, withFileTypes: true })
    this.#paths = new Set(
      entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) =>
          join(parentPath, name)
            .slice(this.#folder.length + 1)
            .split(sep)
            .join('/'),
        ),
    )
  }
}
