import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/longest-first.ts'

// What tests start compiles nothing anew: servers and engines are ready in half of the time. `npm test` says where already.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compile')

// vitest 5 no longer finds this file by its name, so `npm test` passes it as `--config`.
// One project a package, and one for `scripts`: `unit` files sit beside the code, `test/` holds what needs processes.
export default defineConfig({
  test: {
    projects: [
      project('contract'),
      project('otlp'),
      project('query-language'),
      project('chdb-server'),
      project('server'),
      project('web'),
      project('sdk'),
      project('demo'),
      project('bench'),
      project('testkit'),
      project('scripts', 'scripts'),
    ],
    // Two cores; whoever waits for a process or a timer leaves one to a third.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ['default'],
  },
})

function project(name: string, root = `packages/${name}`) {
  return {
    test: {
      name,
      root,
      include: ['*.test.ts', 'src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
      pool: 'forks' as const,
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  }
}
