import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/longest-first.ts'

// What tests start compiles nothing anew: servers and engines are ready in half of the time. `npm test` says where already.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compile')

// vitest 5 no longer finds this file by its name, so `npm test` passes it as `--config`.
// Two projects a package, and one for `scripts`: unit tests sit beside the code, `test/` holds what needs processes.
const unitFiles = ['src/**/*.test.ts', 'src/**/*.test.tsx']
const processFiles = ['*.test.ts', 'test/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      ...['contract', 'otlp', 'query-language', 'chdb-server', 'server', 'web', 'sdk', 'demo'].flatMap((name) => [
        project(name, { files: unitFiles, isolate: false }),
        project(name, { files: processFiles }),
      ]),
      // Here, the files beside the code start processes too.
      project('bench', { files: [...unitFiles, ...processFiles] }),
      project('testkit', { files: [...unitFiles, ...processFiles] }),
      project('scripts', { root: 'scripts', files: ['*.test.ts'] }),
    ],
    // Two cores; whoever waits for a process or a timer leaves one to a third.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ['default'],
  },
})

interface ProjectOptions {
  readonly root?: string
  readonly files: readonly string[]
  /** Whether each file has modules of its own; loading them takes longer than most unit tests. */
  readonly isolate?: boolean
}

function project(package_: string, { root = `packages/${package_}`, files, isolate = true }: ProjectOptions) {
  return {
    test: {
      name: isolate ? package_ : `${package_}-unit`,
      root,
      include: [...files],
      isolate,
      pool: 'forks' as const,
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  }
}
