import { defineConfig } from 'tsdown'

const common = { platform: 'node', target: 'node22.15', shims: true, fixedExtension: true, sourcemap: false } as const

// In the workspace nothing is built. What is published: the entries in ESM and CommonJS, each with its types, and what they load
// when it is needed (see src/runtime/load.ts and load-start.ts) in CommonJS only, which Node loads faster.
export default defineConfig([
  {
    ...common,
    entry: {
      monitoring: 'src/monitoring.ts',
      register: 'src/register.ts',
      host: 'src/host.ts',
      express: 'src/express.ts',
      fastify: 'src/fastify.ts',
      koa: 'src/koa.ts',
      nest: 'src/nest.ts',
      client: 'src/client.ts',
    },
    format: ['esm', 'cjs'],
    dts: true,
    clean: true,
  },
  {
    ...common,
    entry: {
      start: 'src/runtime/start.ts',
      validate: 'src/config/validate.ts',
      'integration-http-server': 'src/integrations/http-server.ts',
      'integration-fastify': 'src/integrations/fastify.ts',
      'integration-sqlite': 'src/integrations/sqlite.ts',
      'integration-winston': 'src/integrations/winston.ts',
      'integration-host': 'src/host/instrumentation.ts',
    },
    format: 'cjs',
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
    noExternal: /./,
    minify: true,
    sourcemap: false,
    dts: true,
    clean: false,
  },
])
