// The tests that stand beside the code and start no engine, server or browser: `npm run test:unit`, in seconds.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run-step.ts'

/** Their subject is processes, in `src` too. */
const withProcesses = ['bench', 'testkit']

const packages = readdirSync(join(root, 'packages')).filter((name) => !withProcesses.includes(name))
const folders = packages.map((name) => `packages/${name}/src`)
await run('Unit tests', 'vitest', ['run', '--config', 'vitest.workspace.ts', ...folders, ...process.argv.slice(2)])
