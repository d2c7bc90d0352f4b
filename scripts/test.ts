// All that `npm test` does. With arguments, only vitest with those: `npm test -- packages/otlp`.
import { run } from './run-step.ts'

const args = process.argv.slice(2)
if (args.length === 0) await import('./check.ts')
await run('Tests', 'vitest', ['run', '--config', 'vitest.workspace.ts', ...args])
