// Formatting, lint, import rules and types of every package: `npm run check`.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run-step.ts'

await run('Lint and format', 'biome', ['check', '--error-on-warnings', '.'])
await run('Types: scripts', 'tsc', ['-p', '.'])
for (const name of readdirSync(join(root, 'packages')).sort()) {
  await run(`Types: ${name}`, 'tsc', ['-p', `packages/${name}`])
}
await run('Types: otlp/assembly', 'tsc', ['-p', 'packages/otlp/assembly'])
