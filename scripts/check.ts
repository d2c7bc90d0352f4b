// Formatting, lint, import rules and types of every package: `npm run check`.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, root, run } from './run-step.ts'

/** Enough for the cores that are; each takes about half a gigabyte. */
const atOnce = 2

await run('Lint and format', 'biome', ['check', '--error-on-warnings', '.'])

const packages = readdirSync(join(root, 'packages')).sort()
const waiting = ['.', ...packages.map((name) => `packages/${name}`), 'packages/otlp/assembly']
let right = true
await Promise.all(Array.from({ length: atOnce }, checkTypes))
if (!right) process.exit(1)

/** Checks one program after another until none is left. What did not change since the last time is not checked again. */
async function checkTypes(): Promise<void> {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const file = `node_modules/.cache/types/${project.replaceAll('/', '-')}.tsbuildinfo`
    const args = ['-p', project, '--incremental', '--tsBuildInfoFile', join(root, file)]
    right = (await attempt(`Types: ${project}`, 'tsc', args)) && right
  }
}
