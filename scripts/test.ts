// All that `npm test` does. With arguments, only vitest with those: `npm test -- packages/otlp`.
import { attempt, run } from './run-step.ts'
import { checkTypes } from './types.ts'

const args = process.argv.slice(2)
const runTests = () => attempt('Tests', 'vitest', ['run', '--config', 'vitest.workspace.ts', ...args])

if (args.length > 0) {
  if (!(await runTests())) process.exit(1)
} else {
  await run('Lint and format', 'biome', ['check', '--error-on-warnings', '.'])
  // Tests wait for processes and timers, so the types are checked meanwhile; one program after another, to leave them the cores.
  const [succeeded, wrong] = await Promise.all([runTests(), checkTypes({ atOnce: 1, isQuiet: true })])
  const types = wrong.length === 0 ? '✓ Types' : `✗ Types of ${wrong.join(', ')}: the errors are among the lines above`
  process.stderr.write(`${types}\n`)
  if (!succeeded || wrong.length > 0) process.exit(1)
}
