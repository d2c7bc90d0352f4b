import { defineConfig } from 'tsdown'

const common = { platform: 'node', target: 'node22.15', shims: true, fixedExtension: true, sourcemap: false } as const

/** What is loaded when it is needed, by its file in `dist`. */
const later = {
  start: 'src/runtime/start.ts',
  validate: 'src/config/validate.ts',
  'integration-http-server': 'src/integrations/http-server.ts',
  'integration-express': 'src/integrations/express.ts',
  'integration-fastify': 'src/integrations/fastify.ts',
  'integration-sqlite': 'src/integrations/sqlite.ts',
  'integration-winston': 'src/integrations/winston.ts',
  'integration-host': 'src/host/instrumentation.ts',
}

/**
 * `require` in src/runtime/load.ts and load-start.ts as it is published: the CommonJS one, of files of this folder, by literals.
 * So Node loads each when it is needed, and bundlers and file tracers find them all.
 */
const requireLiterals = {
  name: 'require-literals',
  resolveId(id: string) {
    return /^\.\/[\w-]+\.cjs$/.test(id) ? { id, external: true as const } : undefined
  },
  transform(code: string, id: string) {
    if (!/[/\\]runtime[/\\]load(-start)?\.ts$/.test(id)) return
    const published = code
      .replace(/^import \{ createRequire \}.*\n/m, '')
      .replace(/^const require = .*\n/m, '')
      .replace('import.meta.filename', 'module.filename')
      .replaceAll(/require\('(\.[^']+)'\)/g, (_, path: string) => `require('./${publishedAs(path)}.cjs')`)
    return { code: published }
  },
}

function publishedAs(path: string): string {
  const found = Object.entries(later).find(([, source]) => source.endsWith(path.replace(/^[./]+/, '/')))
  if (found === undefined) throw new Error(`${path} is no file of its own`)
  return found[0]
}

/** The entries take what loads the rest from one file, which is CommonJS for both kinds: it needs `require`. */
const oneLoader = {
  name: 'one-loader',
  resolveId(id: string) {
    return id.endsWith('/load-start.ts') ? { id: './load.cjs', external: true as const } : undefined
  },
}

/** The API goes into what runs; types stay those of the copy that a service has. */
const withApi = (id: string, importer: string | undefined) =>
  id === '@opentelemetry/api' && !/\.d\.[mc]?ts$/.test(importer ?? '')

const faces = {
  monitoring: 'src/monitoring.ts',
  register: 'src/register.ts',
  host: 'src/host.ts',
  express: 'src/express.ts',
  fastify: 'src/fastify.ts',
  koa: 'src/koa.ts',
  nest: 'src/nest.ts',
  client: 'src/client.ts',
}

// In the workspace nothing is built. What is published: the entries in ESM and CommonJS, each with its types, and what they load
// when it is needed in CommonJS only, which Node loads faster.
export default defineConfig([
  {
    ...common,
    entry: faces,
    format: ['esm', 'cjs'],
    // The API in its own words: a service gets through its start whatever copy of it is installed, or none.
    deps: { alwaysBundle: withApi },
    plugins: [oneLoader],
    dts: true,
    clean: true,
  },
  {
    ...common,
    entry: { 'without-node': 'src/without-node.ts' },
    platform: 'neutral',
    minify: true,
    format: 'esm',
    deps: { alwaysBundle: withApi },
    dts: false,
    clean: false,
  },
  {
    ...common,
    entry: { load: 'src/runtime/load-start.ts', ...later },
    format: 'cjs',
    plugins: [requireLiterals],
    // What several of them use is a file that uses none of them: no two files need each other.
    outputOptions: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } },
    dts: false,
    clean: false,
  },
  { ...common, entry: { cli: 'src/cli.ts' }, format: 'esm', dts: false, clean: false },
  {
    // One file with everything in it, so that it can be served as it is, and its size is known.
    entry: { web: 'src/web.ts' },
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    fixedExtension: true,
    deps: { alwaysBundle: /./ },
    minify: true,
    sourcemap: false,
    dts: true,
    clean: false,
  },
])
